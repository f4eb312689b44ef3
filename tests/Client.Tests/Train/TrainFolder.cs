using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkiaSharp;

namespace MaskRcnn.Client.Tests.Train;

/// <summary>A folder with a few small images of bright discs, and a recipe for a model of a few thousand parameters.</summary>
internal sealed class TrainFolder : IDisposable
{
    /// <summary>Steps of the recipe; it evaluates and writes checkpoints at different steps.</summary>
    public const int Steps = 20, EvaluateEvery = 8, CheckpointEvery = 5;

    private const int Side = 64;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public TrainFolder()
    {
        WriteSet("train", 6, first: 1);
        WriteSet("val", 6, first: 101);
    }

    public string Output => Path("run");

    /// <summary>What a resumed run needs.</summary>
    public string[] Data => ["--data", Path("train.json"), "--images", Path("train"), "--val", Path("val.json"), "--val-images", Path("val")];

    /// <summary>The recipe.</summary>
    public static string[] Recipe(int steps = Steps, string precision = "fp32") =>
    [
        "--preset", "nuclei", "--init", "none", "--device", "cpu", "--precision", precision, "--steps", Text(steps), "--set", $"evaluate_every={EvaluateEvery}", $"checkpoint_every={CheckpointEvery}",
        "batch_size=2", "min_sizes=[64]", "augmentation.crop=64", "augmentation.shorter_side=64", "optimizer.warm_up_steps=4", "sampling.rpn_pre_nms_top_n=50", "sampling.rpn_post_nms_top_n=50", "sampling.batch_size=16",
        "model.transform.min_sizes=[64]", "model.backbone.stage_blocks=[1,1,1,1]", "model.backbone.stem_width=4", "model.backbone.inner_widths=[4,4,8,8]", "model.backbone.stage_widths=[4,4,8,8]",
        "model.fpn.channels=8", "model.rpn.pre_nms_top_n=50", "model.rpn.post_nms_top_n=20", "model.box_head.width=16", "model.mask_head.convolution_widths=[8]", "model.mask_head.predictor_width=8",
        // Nothing is sure after a few steps; what is found anyhow has to be equal.
        "model.post_processing.score_threshold=0.01", "model.post_processing.max_detections=10",
    ];

    public string Path(string relative) => System.IO.Path.Combine(_folder.FullName, relative);

    /// <summary>Trains in the test's own process.</summary>
    public CommandRun Train(params string[] more) => CommandRun.Of(["train", .. Data, "--output", Output, .. more]);

    /// <summary>Another folder's run of the whole recipe.</summary>
    public string Undisturbed(int steps = Steps)
    {
        string output = Path("undisturbed");
        CommandRun.Of(["train", .. Data, "--output", output, .. Recipe(steps)]).Exits(0);
        return output;
    }

    /// <summary>Whether a run gave what another gave: the same model byte for byte, the same metrics apart from times.</summary>
    public static void AssertSame(string expected, string actual)
    {
        Assert.Equal(Metrics(expected), Metrics(actual));
        Assert.Equal(File.ReadAllBytes(System.IO.Path.Combine(expected, "model.safetensors")), File.ReadAllBytes(System.IO.Path.Combine(actual, "model.safetensors")));
        Assert.Empty(Directory.EnumerateFiles(actual, ".*", SearchOption.AllDirectories));
    }

    /// <summary>The lines of the metrics without times.</summary>
    public static string[] Metrics(string output) =>
    [
        .. File.ReadLines(System.IO.Path.Combine(output, "metrics.jsonl")).Select(line =>
        {
            JsonObject json = JsonNode.Parse(line)!.AsObject();
            json.Remove("images_per_second");
            json.Remove("seconds");
            return json.ToJsonString();
        }),
    ];

    /// <summary>The steps that a run has checkpoints of.</summary>
    public static int[] Checkpoints(string output) =>
        [.. Directory.EnumerateFiles(System.IO.Path.Combine(output, "checkpoints"), "step-*.safetensors").Select(file => int.Parse(System.IO.Path.GetFileNameWithoutExtension(file)[5..], CultureInfo.InvariantCulture)).Order()];

    public static string Checkpoint(string output, int step) => System.IO.Path.Combine(output, "checkpoints", $"step-{step:D9}.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void WriteSet(string name, int count, int first)
    {
        Directory.CreateDirectory(Path(name));
        List<object> images = [], annotations = [];
        for (int i = 0; i < count; i++)
        {
            int id = first + i;
            images.Add(new { id, file_name = $"{id}.png", width = Side, height = Side });
            using SKBitmap bitmap = new(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using SKCanvas canvas = new(bitmap);
            canvas.Clear(new SKColor(20, 20, 30));
            using SKPaint paint = new() { Color = new SKColor(200, 220, 210) };
            for (int k = 0; k < 3; k++)
            {
                int radius = 6 + (i + k) % 4, x = 12 + 20 * k, y = 14 + (i * 17 + k * 23) % 36;
                canvas.DrawCircle(x, y, radius, paint);
                double[] outline = [.. Enumerable.Range(0, 16).SelectMany(a => new[] { x + radius * Math.Cos(a * Math.PI / 8), y + radius * Math.Sin(a * Math.PI / 8) })];
                annotations.Add(new { id = annotations.Count + 1, image_id = id, category_id = 1, bbox = new[] { x - radius, y - radius, 2 * radius, 2 * radius }, area = Math.PI * radius * radius, iscrowd = 0, segmentation = new[] { outline } });
            }

            using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(Path($"{name}/{id}.png"), png.ToArray());
        }

        File.WriteAllText(Path($"{name}.json"), JsonSerializer.Serialize(new { images, annotations, categories = new[] { new { id = 1, name = "disc" } } }));
    }
}
