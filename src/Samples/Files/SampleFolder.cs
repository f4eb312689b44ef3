using System.Text.Json;
using System.Text.RegularExpressions;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Samples.Microscopy;
using MaskRcnn.Samples.Microscopy.Measurement;

namespace MaskRcnn.Samples.Files;

/// <summary>A folder of sample images with their ground truth: <c>images/*.png</c> and <c>annotations.json</c>.</summary>
/// <param name="path">The folder; made if missing.</param>
public sealed partial class SampleFolder(string path)
{
    private const long CategoryId = 1;

    private static readonly ExtraMember Modality = new("modality", "\"fluorescence\""u8.ToArray());

    /// <summary>The folder of the images.</summary>
    public string Images { get; } = Path.Combine(path, "images");

    /// <summary>The ground truth, a COCO instances file; its file names are relative to <see cref="Images"/>.</summary>
    public string Annotations { get; } = Path.Combine(path, "annotations.json");

    /// <summary>
    /// Makes a set and writes it. Samples of an earlier set are removed, other files stay. The annotations come last:
    /// where they are, the images are whole.
    /// </summary>
    /// <param name="options">Which images.</param>
    /// <param name="progress">Told after each image; may be null.</param>
    /// <param name="cancellationToken">Stops it; what was written is removed.</param>
    /// <returns>What was measured in the images.</returns>
    /// <exception cref="IOException">The folder cannot be written to; what was written is removed.</exception>
    public SampleReport Write(MicroscopyOptions options, IProgress<(int Done, int Total)>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        // All that can be wrong with the options is found before anything is removed.
        IEnumerable<SampleImage> samples = MicroscopySamples.Make(options, cancellationToken);
        Directory.CreateDirectory(Images);
        RemoveSamples();
        try
        {
            return WriteAll(samples, options, progress, cancellationToken);
        }
        catch
        {
            RemoveSamples();
            throw;
        }
    }

    [GeneratedRegex(@"^microscopy-\d{4,5}\.png$")]
    private static partial Regex SampleName { get; }

    private void RemoveSamples()
    {
        File.Delete(Annotations);
        foreach (string file in Directory.EnumerateFiles(Images, "microscopy-*.png").Where(f => SampleName.IsMatch(Path.GetFileName(f)))) File.Delete(file);
    }

    private SampleReport WriteAll(IEnumerable<SampleImage> samples, MicroscopyOptions options, IProgress<(int Done, int Total)>? progress, CancellationToken cancellationToken)
    {
        var images = new List<CocoImage>();
        var annotations = new List<CocoAnnotation>();
        var tally = new SampleTally();
        foreach (SampleImage sample in samples)
        {
            byte[] png = sample.ToPng();
            AtomicFile.Write(Path.Combine(Images, sample.FileName), stream => stream.Write(png), cancellationToken);
            images.Add(new CocoImage { Id = images.Count + 1, FileName = sample.FileName, Width = sample.Width, Height = sample.Height, Extra = [Modality] });
            annotations.AddRange(sample.Masks().Select((mask, i) => new CocoAnnotation
            {
                Id = annotations.Count + i + 1,
                ImageId = images.Count,
                CategoryId = CategoryId,
                Segmentation = Segmentation.CompressedRle.From(mask),
                Area = mask.Area,
                Box = mask.BoundingBox,
                IsCrowd = false,
            }).ToArray());
            tally.Add(sample);
            progress?.Report((images.Count, options.Count));
        }
        var dataset = new CocoDataset
        {
            Images = images,
            Annotations = annotations,
            Categories = [new CocoCategory { Id = CategoryId, Name = "nucleus", Supercategory = "cell" }],
            Extra = [new ExtraMember("info", Info(options))],
        };
        CocoWriter.WriteDataset(Annotations, dataset, cancellationToken);
        return tally.ToReport();
    }

    /// <summary>How to make the set again; no time and no version, which would differ between equal sets.</summary>
    private static byte[] Info(MicroscopyOptions options) => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object>
        {
            ["description"] = "Synthetic fluorescence microscopy of cell nuclei, made by maskrcnn samples",
            ["kind"] = "microscopy",
            ["count"] = options.Count,
            ["seed"] = options.Seed,
        });
}
