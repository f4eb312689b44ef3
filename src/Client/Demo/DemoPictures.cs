using System.Collections.Concurrent;
using MaskRcnn.Client.Predict;
using MaskRcnn.Client.Results;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Evaluation.Instances;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using SkiaSharp;

namespace MaskRcnn.Client.Demo;

/// <summary>The overlays: what was found, and the ground truth in the same style.</summary>
internal sealed class DemoPictures(DemoFolder folder, IReadOnlyDictionary<string, DemoCounts> counts)
{
    private const int Nucleus = 1;

    private static readonly Dictionary<int, string> Names = new() { [Nucleus] = "nucleus" };

    /// <summary>Draws all, with all cores.</summary>
    /// <returns>The images, in name order.</returns>
    public async Task<IReadOnlyList<DemoImage>> DrawAsync(IProgress<(int Done, int Total)> progress, CancellationToken cancellation)
    {
        CocoDataset truth = CocoReader.ReadDataset(folder.Samples.Annotations, cancellation);
        ILookup<long, CocoAnnotation> annotations = truth.Annotations.ToLookup(annotation => annotation.ImageId);
        JobResults results = await JobResults.OpenAsync(folder.Root, cancellation);
        Dictionary<string, ResultImage> rows = [];
        await foreach (ResultImage row in results.ListImagesAsync(cancellation)) rows.Add(row.Image, row);
        Directory.CreateDirectory(folder.Found);
        Directory.CreateDirectory(folder.Truth);
        var drawn = new ConcurrentBag<DemoImage>();
        await Parallel.ForEachAsync(truth.Images, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation }, async (image, token) =>
        {
            RgbImage pixels = Brightening.Of(ImageDecoder.DecodeFile(Path.Combine(folder.Samples.Images, image.FileName)).Image);
            IReadOnlyList<DetectedInstance> found = rows.TryGetValue(image.FileName, out ResultImage? row) ? await ResultInstances.ReadAsync(results, row, token) : [];
            DetectedInstance[] objects = [.. annotations[image.Id].Select(annotation => Instance(annotation, image))];
            (bool[] falseAlarms, bool[] misses) = Wrong(found, objects);
            Draw(folder.Found, image, pixels, found, falseAlarms);
            Draw(folder.Truth, image, pixels, objects, misses);
            drawn.Add(new DemoImage(image.FileName, pixels.Width, pixels.Height, counts[image.FileName], Relative(folder.Found, image), Relative(folder.Truth, image)));
            progress.Report((drawn.Count, truth.Images.Count));
        });
        return [.. drawn.OrderBy(image => image.Name, StringComparer.Ordinal)];
    }

    /// <summary>Which finds are false alarms, and which objects are missed. A model without masks has no marks.</summary>
    private static (bool[] FalseAlarms, bool[] Misses) Wrong(IReadOnlyList<DetectedInstance> found, DetectedInstance[] objects)
    {
        if (found.Any(instance => instance.Mask is null)) return (new bool[found.Count], new bool[objects.Length]);
        int[] pairs = InstancePairs.Match([.. found.Select(instance => instance.Mask!)], [.. objects.Select(instance => instance.Mask!)], InstanceCounts.Thresholds[0]);
        HashSet<int> matched = [.. pairs];
        return ([.. pairs.Select(pair => pair < 0)], [.. objects.Select((_, index) => !matched.Contains(index))]);
    }

    private static void Draw(string to, CocoImage image, RgbImage pixels, IReadOnlyList<DetectedInstance> instances, bool[] wrong)
    {
        bool masksOnly = instances.All(instance => instance.Mask is not null);
        using SKBitmap picture = OverlayRenderer.Render(pixels, new ImageDetections(pixels.Width, pixels.Height, instances), Names, masksOnly);
        WrongMarks.Draw(picture, instances.Where((_, index) => wrong[index]));
        byte[] png = OverlayRenderer.EncodePng(picture);
        AtomicFile.Write(Path.Combine(to, image.FileName), stream => stream.Write(png));
    }

    private static DetectedInstance Instance(CocoAnnotation annotation, CocoImage image)
    {
        Rle mask = annotation.Segmentation!.ToRle((int)image.Height, (int)image.Width);
        BoundingBox box = mask.BoundingBox;
        return new DetectedInstance { Label = Nucleus, Score = 1, Box = new Box((float)box.X, (float)box.Y, (float)(box.X + box.Width), (float)(box.Y + box.Height)), Mask = mask };
    }

    private string Relative(string pictures, CocoImage image) => $"{Path.GetRelativePath(folder.Root, pictures)}/{image.FileName}";
}
