using System.Text.Json.Nodes;

namespace MaskRcnn.Client.Tests.Evaluation;

/// <summary>The golden data of pycocotools 2.0.11 as files for the command line.</summary>
internal sealed class GoldenFolder : IDisposable
{
    public static readonly JsonNode Expected = JsonNode.Parse(File.ReadAllBytes(Repository.File("tests/data/coco/coco_expected.json")))!;

    private readonly string _path = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;

    public string Path(string name) => System.IO.Path.Combine(_path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    /// <summary>Runs <c>maskrcnn eval</c> on the data of an IoU type.</summary>
    public CommandRun Eval(string iouType, params string[] options) => CommandRun.Of(["eval", .. Files(iouType), .. options]);

    /// <summary>The options that name the files.</summary>
    public string[] Files(string iouType, bool withObjects = true)
    {
        JsonNode both = JsonNode.Parse(File.ReadAllBytes(Repository.File($"tests/data/coco/coco_{iouType}.json")))!;
        if (!withObjects) both["gt"]!["annotations"] = new JsonArray();
        return ["--gt", Write("gt.json", both["gt"]!.ToJsonString()), "--dt", Write("dt.json", both["dt"]!.ToJsonString()), "--iou-type", iouType];
    }

    public static double[] Statistics(string iouType, string? variant = null) =>
        [.. (variant is null ? Expected[iouType]!["stats"]! : Expected[iouType]!["variants"]![variant]!).AsArray().Select(n => n!.GetValue<double>())];

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
