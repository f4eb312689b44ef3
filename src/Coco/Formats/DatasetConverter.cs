using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.LabelMap;
using MaskRcnn.Coco.Formats.Panoptic;
using MaskRcnn.Coco.Formats.Yolo;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Formats;

/// <summary>Converts between COCO's JSON files, YOLO segmentation, panoptic files and label maps.</summary>
public static class DatasetConverter
{
    /// <summary>Tells what kind of data set lies at a path.</summary>
    /// <param name="path">A file or folder.</param>
    /// <exception cref="DatasetContentException">There is nothing at the path, or nothing known.</exception>
    /// <exception cref="CocoFormatException">A file is not JSON.</exception>
    public static DatasetKind Detect(string path) => DatasetKindDetector.Detect(path);

    /// <summary>What a conversion will write: a file, a folder, or for panoptic both. Nothing else is touched.</summary>
    /// <param name="options">The conversion.</param>
    public static IReadOnlyList<string> Outputs(ConversionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.To == ConversionTarget.Panoptic ? [options.Output, PanopticWriter.FolderOf(options.Output)] : [options.Output];
    }

    /// <summary>Converts. Each file is written whole or not at all, and all references and names are checked before the first.
    /// An error in a mask or an image stops the conversion there: files of earlier images stay.</summary>
    /// <param name="options">What to convert into what.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was written, and what the new format could not hold.</returns>
    /// <exception cref="DatasetContentException">The input cannot be converted: the message names the file and the image or object.</exception>
    /// <exception cref="CocoFormatException">A JSON file is malformed.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static ConversionReport Convert(ConversionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        DatasetKind from = options.From ?? Detect(options.Input);
        if (from is (DatasetKind.Coco or DatasetKind.Results or DatasetKind.Panoptic) && Directory.Exists(options.Input))
            throw new DatasetContentException(options.Input, "a folder", $"a {from} file");
        var tally = new ConversionTally();
        if (from == DatasetKind.Results) ConvertResults(options, tally, cancellationToken);
        else ConvertDataset(options, from, tally, cancellationToken);
        return tally.ToReport(from, options.To);
    }

    private static void ConvertResults(ConversionOptions options, ConversionTally tally, CancellationToken cancellationToken)
    {
        if (options.To is ConversionTarget.Yolo or ConversionTarget.Panoptic or ConversionTarget.LabelMap)
            throw new DatasetContentException(
                options.Input, $"a results file, which names no images and so cannot become {options.To}",
                "polygons, rle, rle-uncompressed or coco as the target, or a data set as the input");
        IReadOnlyList<CocoAnnotation> results = CocoReader.ReadResults(options.Input, cancellationToken);
        tally.Images = results.Select(r => r.ImageId).Distinct().Count();
        tally.ObjectsIn = results.Count;
        var rewriter = new SegmentationRewriter(options.Input, options.To, tally);
        CocoWriter.WriteResults(options.Output, results.Select(result =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return rewriter.Rewrite(result);
        }), cancellationToken);
    }

    private static void ConvertDataset(ConversionOptions options, DatasetKind from, ConversionTally tally, CancellationToken cancellationToken)
    {
        CocoDataset dataset = from switch
        {
            DatasetKind.Yolo => YoloReader.Read(options.Input, options.Images, options.Categories, cancellationToken),
            DatasetKind.Panoptic => PanopticReader.Read(options.Input, options.Images, tally, cancellationToken),
            DatasetKind.LabelMap => LabelMapReader.Read(options.Input, options.Images, options.Categories, cancellationToken),
            _ => CocoReader.ReadDataset(options.Input, cancellationToken),
        };
        tally.Images = dataset.Images.Count;
        tally.ObjectsIn += dataset.Annotations.Count;
        var objects = new ImageObjects(options.Input, dataset);
        switch (options.To)
        {
            case ConversionTarget.Yolo:
                YoloWriter.Write(options.Input, dataset, objects, options.Output, tally, cancellationToken);
                break;
            case ConversionTarget.Panoptic:
                PanopticWriter.Write(options.Input, dataset, objects, options.Output, tally, cancellationToken);
                break;
            case ConversionTarget.LabelMap:
                LabelMapWriter.Write(options.Input, dataset, objects, options.Output, tally, cancellationToken);
                break;
            default:
                var rewriter = new SegmentationRewriter(options.Input, options.To, tally);
                CocoWriter.WriteDataset(options.Output, dataset with
                {
                    Annotations = [.. dataset.Annotations.Select(annotation =>
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        return rewriter.Rewrite(annotation, objects.Images[annotation.ImageId]);
                    })],
                }, cancellationToken);
                break;
        }
    }
}
