using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Client.Model;

/// <summary><c>model inspect</c> as text.</summary>
internal static class InspectText
{
    private const int CategoriesShown = 5;

    public static void Write(TextWriter output, Inspection inspection)
    {
        Line($"file           {inspection.File.Path}");
        Line($"format         {inspection.Format}");
        Line($"tensors        {string.Join(", ", inspection.Types.Select(t => $"{t.Tensors} of {t.Type}"))}; {inspection.Numbers} numbers");
        Line($"architecture   {Architecture(inspection)}");
        if (inspection.Model is not { } model) return;
        (ModelConfiguration configuration, PostProcessingConfiguration post) = (model.Configuration, model.Configuration.PostProcessing);
        Line($"classes        {Classes(configuration)}");
        Line($"thresholds     score {post.ScoreThreshold}, NMS {post.NmsThreshold}{(post.MaskNmsThreshold is { } overlap ? $", mask NMS {overlap}" : "")}, mask {post.MaskThreshold}; at most {post.MaxDetections} detections");
        Line($"norm eps       {model.NormEps}");
        foreach (string note in model.Notes) Line($"note           {note}");
        if (model.Differences.Fits)
        {
            Line($"keys           every key and shape fits");
            return;
        }
        Line($"keys           {model.Differences.Missing.Count} missing, {model.Differences.Unexpected.Count} unexpected, {model.Differences.Misfits.Count} of another shape or type:");
        foreach (string line in model.Differences.Lines) Line($"  {PlainText.WithoutControls(line)}");

        void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static string Architecture(Inspection inspection) => inspection.Source switch
    {
        ArchitectureSource.Option => $"{inspection.Model!.Configuration.Name}, by --arch",
        ArchitectureSource.Metadata => $"{PlainText.WithoutControls(inspection.Model!.Configuration.Name)}, by the file's own metadata",
        _ when inspection.Fitting.Count == 0 => "unknown: the keys fit no preset. --arch NAME lists what differs",
        _ => $"{string.Join(" or ", inspection.Fitting)}, guessed by keys and shapes",
    };

    /// <summary>The number of classes and the first categories.</summary>
    public static string Classes(ModelConfiguration configuration)
    {
        string classes = string.Create(CultureInfo.InvariantCulture, $"{configuration.Classes} with the background; ");
        if (configuration.Categories.Count == 0) return classes + "what the labels mean is unknown";
        string names = string.Join(", ", configuration.Categories.Take(CategoriesShown).Select(c => $"{c.Label} {PlainText.WithoutControls(c.Name)}"));
        return $"{classes}{configuration.Categories.Count} categories: {names}{(configuration.Categories.Count > CategoriesShown ? ", …" : "")}";
    }
}
