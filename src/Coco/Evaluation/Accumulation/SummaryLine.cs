using System.Globalization;

namespace MaskRcnn.Coco.Evaluation.Accumulation;

/// <summary>One number of a summary.</summary>
/// <param name="Key">The number's short name, for instance <c>AP50</c>.</param>
/// <param name="Value">The number; −1 if there is none.</param>
/// <param name="Description">What pycocotools writes before the number.</param>
public sealed record SummaryLine(string Key, double Value, string Description)
{
    /// <summary>The line as pycocotools prints it.</summary>
    public override string ToString() => Description + Value.ToString("F3", CultureInfo.InvariantCulture);
}
