using System.Globalization;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>Reads a data set: finds the images' files, reads their headers, makes objects of annotations.</summary>
/// <param name="folder">The images' folder.</param>
/// <param name="model">The model that is trained.</param>
/// <param name="options">What is kept.</param>
internal sealed class DatasetReader(string folder, ModelConfiguration model, TrainingDataOptions options)
{
    private readonly FindingTally _findings = new();

    /// <summary>The images that can be trained on, in the order of the file, and what was found.</summary>
    public (IReadOnlyList<StoredImage> Images, TrainingDataReport Report) Read(CocoDataset dataset, CancellationToken cancellation)
    {
        CocoImage[] images = [.. WithoutDuplicates(dataset.Images)];
        ILookup<long, (CocoAnnotation Annotation, int Place)> annotations = AnnotationsOf(images, dataset.Annotations);
        ImageLocator locator = new(folder, images.Select(image => image.FileName));
        InstanceReader reader = new(model, TrainingCategories.LabelsOf(model, dataset.Categories));
        (StoredImage? Image, FindingTally Findings)[] read = new (StoredImage?, FindingTally)[images.Length];
        // Headers wait for the disk and masks for the processor; findings are put together in the file's order afterwards.
        Parallel.For(0, images.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            FindingTally findings = new();
            read[i] = (Read(images[i], locator, reader, annotations[images[i].Id], findings), findings);
        });
        foreach ((_, FindingTally findings) in read) _findings.Add(findings);
        StoredImage[] kept = [.. read.Select(r => r.Image).OfType<StoredImage>()];
        Dictionary<int, int> counts = kept.SelectMany(image => image.Instances).CountBy(instance => instance.Label).ToDictionary();
        foreach (LabelledCategory category in model.Categories.Where(category => !counts.ContainsKey(category.Label)))
            _findings.Add(TrainingFindingCodes.ClassWithoutInstances, Text($"'{category.Name}' (label {category.Label})"));
        return (kept, new TrainingDataReport(dataset.Images.Count, dataset.Annotations.Count, kept.Length, counts.Values.Sum(), counts, _findings.ToFindings()));
    }

    private IEnumerable<CocoImage> WithoutDuplicates(IReadOnlyList<CocoImage> images)
    {
        HashSet<long> ids = [];
        foreach (CocoImage image in images)
        {
            if (ids.Add(image.Id)) yield return image;
            else _findings.Add(TrainingFindingCodes.DuplicateImage, Name(image));
        }
    }

    private ILookup<long, (CocoAnnotation Annotation, int Place)> AnnotationsOf(CocoImage[] images, IReadOnlyList<CocoAnnotation> annotations)
    {
        HashSet<long> ids = [.. images.Select(image => image.Id)];
        for (int i = 0; i < annotations.Count; i++)
        {
            if (!ids.Contains(annotations[i].ImageId))
                _findings.Add(TrainingFindingCodes.UnknownImage, annotations[i].Id is { } id ? Text($"annotation {id} of image {annotations[i].ImageId}") : Text($"annotation at position {i + 1} of image {annotations[i].ImageId}"));
        }
        return annotations.Select((annotation, index) => (Annotation: annotation, Place: index + 1)).ToLookup(a => a.Annotation.ImageId);
    }

    private StoredImage? Read(CocoImage image, ImageLocator locator, InstanceReader reader, IEnumerable<(CocoAnnotation Annotation, int Place)> annotations, FindingTally findings)
    {
        if (locator.Find(image.FileName) is not { } path)
        {
            findings.Add(TrainingFindingCodes.MissingImage, Name(image));
            return null;
        }
        if (ReadSize(image, path, findings) is not var (width, height)) return null;
        List<StoredInstance> instances = [];
        foreach ((CocoAnnotation annotation, int place) in annotations)
        {
            if (reader.Read(annotation, place, width, height, findings) is { } instance) instances.Add(instance);
        }
        if (instances.Count == 0)
        {
            findings.Add(TrainingFindingCodes.EmptyImage, Name(image));
            if (!options.KeepEmptyImages) return null;
        }
        else if (model.KeypointHead is not null && instances.Sum(i => i.LabelledKeypoints) is int labelled && labelled < options.LeastKeypoints)
        {
            findings.Add(TrainingFindingCodes.FewKeypoints, Text($"{Name(image)}: {labelled} of {options.LeastKeypoints}"));
            return null;
        }
        return new StoredImage(image.Id, image.FileName, path, width, height, instances);
    }

    private (int Width, int Height)? ReadSize(CocoImage image, string path, FindingTally findings)
    {
        try
        {
            (int width, int height) = ImageDecoder.ReadSize(path, options.Decoding);
            // 0 where the file does not say.
            if ((image.Width is 0 || image.Width == width) && (image.Height is 0 || image.Height == height)) return (width, height);
            findings.Add(TrainingFindingCodes.ImageSize, Text($"{Name(image)}: {width} × {height} pixels where {image.Width} × {image.Height} were expected"));
        }
        catch (ImageFormatException exception)
        {
            findings.Add(TrainingFindingCodes.UnreadableImage, $"{Name(image)}: {exception.Reason.TrimEnd('.')}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            findings.Add(TrainingFindingCodes.UnreadableImage, $"{Name(image)}: {exception.Message.TrimEnd('.')}");
        }
        return null;
    }

    private static string Name(CocoImage image) => Text($"image {image.Id} ({image.FileName})");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
