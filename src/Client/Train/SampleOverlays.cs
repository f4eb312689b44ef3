using System.Globalization;
using MaskRcnn.Client.Predict;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Checkpoints;

namespace MaskRcnn.Client.Train;

/// <summary>Overlays of the same few validation images at each evaluation: those spread evenly over the file.</summary>
internal sealed class SampleOverlays(RunFolder folder, ModelConfiguration model)
{
    private const int Samples = 4;

    /// <summary>What scores less would hide the picture.</summary>
    private const float LeastScore = .5f;

    private readonly Dictionary<int, string> _names = model.Categories.ToDictionary(category => category.Label, category => category.Name);

    /// <summary>Writes the overlay of an image that is a sample. May be called by many threads.</summary>
    public void Add(long step, string name, int index, int count, RgbImage image, ImageDetections found)
    {
        if (!IsSample(index, count)) return;
        ImageDetections sure = new(found.Width, found.Height, [.. found.Instances.Where(instance => instance.Score >= LeastScore)]);
        byte[] png = OverlayRenderer.RenderPng(image, sure, _names);
        AtomicFile.Write(PathOf(step, name, index), stream => stream.Write(png));
    }

    private static bool IsSample(int index, int count) =>
        count <= Samples || Enumerable.Range(0, Samples).Any(i => index == (int)Math.Round(i * (count - 1) / (Samples - 1.0)));

    /// <summary>Images of two folders may have one name, so the place is part of it.</summary>
    private string PathOf(long step, string name, int index) => folder.In(string.Create(
        CultureInfo.InvariantCulture, $"samples/step-{step:D9}/{index + 1:D4}-{Path.GetFileNameWithoutExtension(name)}.png"));
}
