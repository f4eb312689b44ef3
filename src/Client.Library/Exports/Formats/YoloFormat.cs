using System.Text;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Yolo;

namespace MaskRcnn.Client.Exports.Formats;

/// <summary>YOLO: a text an image, its lines a class and the polygon of a mask's largest part, or a box where the model has no masks.</summary>
internal sealed class YoloFormat : FormatWriter
{
    private const string Folder = "labels/";

    public override string File => "data.yaml";

    public override bool ReplacesEndings => true;

    public override async Task WriteAsync(ExportRun run, CancellationToken cancellation)
    {
        foreach (ExportCategory category in run.Categories)
        {
            if (category.Name.Trim().Length == 0 || category.Name.Any(char.IsControl))
                throw new ExportException($"Category {category.Id} has a name of no or several lines; data.yaml has one line for each. Export it as coco, parquet or png-masks.");
        }
        Dictionary<long, int> classOf = run.Categories.Index().ToDictionary(c => c.Item.Id, c => c.Index);
        await foreach (ExportTally tally in run.EachAsync((image, token) => WriteAsync(run.Output, image, classOf, token), cancellation).ConfigureAwait(false))
            run.Tally.Add(tally);
        await run.Output.PutAsync(File, Encoding.UTF8.GetBytes(Yaml(run.Categories)), cancellation).ConfigureAwait(false);
    }

    private static async Task<ExportTally> WriteAsync(ExportOutput output, ExportImage image, Dictionary<long, int> classOf, CancellationToken cancellation)
    {
        var tally = new ExportTally();
        var text = new StringBuilder();
        foreach (ExportInstance instance in image.Instances)
        {
            if (!classOf.TryGetValue(instance.CategoryId, out int number))
                throw new InvalidDataException($"The image '{image.Name}' has a detection of category {instance.CategoryId}, which the job does not name; expected one of {string.Join(", ", classOf.Keys)}.");
            if (Values(instance, image, tally) is not { } values)
            {
                tally.Empty++;
                continue;
            }
            tally.Detections++;
            text.Append(YoloLine.Of(number, values, image.Width, image.Height)).Append('\n');
        }
        await output.PutAsync(ExportNames.Replaced(Folder, image.Name, ".txt"), Encoding.UTF8.GetBytes(text.ToString()), cancellation).ConfigureAwait(false);
        return tally;
    }

    private static double[]? Values(ExportInstance instance, ExportImage image, ExportTally tally)
    {
        if (instance.Mask is not { } mask) return instance.Box is { Width: > 0, Height: > 0 } box ? YoloLine.Box(box, image.Width, image.Height) : null;
        if (mask.Area == 0) return null;
        var size = new CocoImage { Id = image.SetId, FileName = image.Name, Width = image.Width, Height = image.Height };
        YoloRing ring = YoloRing.Of(new Segmentation.CompressedRle(image.Height, image.Width, instance.Counts!), mask, size);
        if (ring.LostHoles) tally.LostHoles++;
        if (ring.LostParts) tally.LostParts++;
        return ring.Points;
    }

    private static string Yaml(IReadOnlyList<ExportCategory> categories)
    {
        // The images are not copied: they belong into 'images', beside 'labels', with the names that they have in the collection.
        var yaml = new StringBuilder("path: .\ntrain: images\nval: images\nnames:\n");
        foreach ((int index, ExportCategory category) in categories.Index()) yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {index}: {Quoted(category.Name)}\n");
        return yaml.ToString();
    }

    /// <summary>A name as YAML's text: in single quotes only where double ones would need escapes.</summary>
    private static string Quoted(string name) => name.AsSpan().ContainsAny('"', '\\') ? $"'{name.Replace("'", "''", StringComparison.Ordinal)}'" : $"\"{name}\"";
}
