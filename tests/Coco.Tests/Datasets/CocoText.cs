using System.Text;
using System.Text.Json;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Tests.Datasets;

/// <summary>Data sets and results as text, and back.</summary>
internal static class CocoText
{
    public static readonly string[] GoldenFiles = ["coco_bbox.json", "coco_segm.json", "coco_keypoints.json"];

    /// <summary>The data set of a golden file.</summary>
    public static byte[] GoldenDataset(string file) => Part(file, "gt");

    /// <summary>The results of a golden file.</summary>
    public static byte[] GoldenResults(string file) => Part(file, "dt");

    public static JsonSource Source(byte[] text) => JsonSource.Memory("test.json", text);

    public static CocoDataset Dataset(byte[] text) => CocoReader.ReadDataset(Source(text), TestContext.Current.CancellationToken);

    public static CocoDataset Dataset(string text) => Dataset(Encoding.UTF8.GetBytes(text));

    public static IReadOnlyList<CocoAnnotation> Results(byte[] text) => CocoReader.ReadResults(Source(text), TestContext.Current.CancellationToken);

    public static IReadOnlyList<CocoAnnotation> Results(string text) => Results(Encoding.UTF8.GetBytes(text));

    /// <summary>The one annotation that has the members given, besides its image and category.</summary>
    public static CocoAnnotation Annotation(string members) => Assert.Single(Results($"[{{\"image_id\":1,\"category_id\":1,{members}}}]"));

    public static byte[] Write(CocoDataset dataset)
    {
        using var stream = new MemoryStream();
        CocoWriter.WriteDataset(stream, dataset);
        return stream.ToArray();
    }

    public static byte[] Write(IEnumerable<CocoAnnotation> results)
    {
        using var stream = new MemoryStream();
        CocoWriter.WriteResults(stream, results);
        return stream.ToArray();
    }

    private static byte[] Part(string file, string name)
    {
        using var golden = JsonDocument.Parse(TestData.Bytes(file));
        return Encoding.UTF8.GetBytes(golden.RootElement.GetProperty(name).GetRawText());
    }
}
