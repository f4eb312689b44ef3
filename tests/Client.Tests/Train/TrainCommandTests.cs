using System.Text.Json;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Client.Tests.Train;

/// <summary>What a run writes, and what it refuses.</summary>
public sealed class TrainCommandTests
{
    [Fact]
    public void A_run_leaves_a_model_that_predict_takes_and_everything_to_judge_it_by()
    {
        using TrainFolder folder = new();
        // An object without a box or mask is a finding; it must not spoil stdout.
        string data = File.ReadAllText(folder.Path("train.json"));
        File.WriteAllText(folder.Path("train.json"), data.Replace("\"annotations\":[", "\"annotations\":[{\"id\":900,\"image_id\":77,\"category_id\":1,\"bbox\":[1,1,5,5]},", StringComparison.Ordinal));
        CommandRun run = folder.Train([.. TrainFolder.Recipe(), "--json"]).Exits(0);
        JsonElement json = run.Json;
        Assert.Equal(["schema", "steps", "best", "model"], json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["step", "AP", "AP50"], json.GetProperty("best").EnumerateObject().Select(member => member.Name));
        Assert.Contains("warning: 1 ", run.Error, StringComparison.Ordinal);

        // Steps, and evaluations at each 8th and the last.
        string[] metrics = TrainFolder.Metrics(folder.Output);
        Assert.Equal(TrainFolder.Steps + 3, metrics.Length);
        Assert.Equal([8, 16, 20], metrics.Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("evaluation", out _)).Select(line => line.GetProperty("step").GetInt32()));

        RgbImage curves = ImageDecoder.DecodeFile(Path.Combine(folder.Output, "curves.png")).Image;
        Assert.Equal((1000, 1100), (curves.Width, curves.Height));
        string[] expected = ["0001-101.png", "0003-103.png", "0004-104.png", "0006-106.png"];
        foreach (int step in new[] { 8, 16, 20 })
            Assert.Equal(expected, Directory.EnumerateFiles(Path.Combine(folder.Output, "samples", $"step-{step:D9}")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

        string card = File.ReadAllText(Path.Combine(folder.Output, "MODEL.md"));
        int best = json.GetProperty("best").GetProperty("step").GetInt32();
        foreach (string part in new[] { $"after step {best} of 20", "disc: 18 objects", "6 of 6 images", "Found: 1 ", "Preset `nuclei`, first weights: random", "`model.box_head.width`: 16 (preset: 192)", "maskrcnn train --data ", "'min_sizes=[64]'", "| AP50 | ", "| 0.50 | ", "libtorch ", "Licence" })
            Assert.Contains(part, card, StringComparison.Ordinal);

        string model = json.GetProperty("model").GetString()!;
        CommandRun.Of("predict", "--model", model, "--input", folder.Path("val"), "--output", folder.Path("found"), "--device", "cpu").Exits(0);
    }

    [Fact]
    public void Without_a_validation_the_last_weights_are_the_model()
    {
        using TrainFolder folder = new();
        CommandRun run = CommandRun.Of(["train", .. folder.Data[..4], "--output", folder.Output, .. TrainFolder.Recipe(3), "--json"]).Exits(0);
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("best").ValueKind);
        Assert.True(File.Exists(run.Json.GetProperty("model").GetString()));
        Assert.Contains("no validation", File.ReadAllText(Path.Combine(folder.Output, "MODEL.md")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder.Output, "curves.png")));
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_with_the_images_and_the_state()
    {
        using TrainFolder folder = new();
        CommandRun run = folder.Train([.. TrainFolder.Recipe(1000), "--set", "optimizer.learning_rate=100", "optimizer.warm_up_steps=0", "optimizer.clip_norm=0", "evaluate_every=0", "--json"]).Exits(5);
        JsonElement error = run.Json.GetProperty("error");
        Assert.Equal("non_finite_loss", error.GetProperty("code").GetString());
        JsonElement details = error.GetProperty("details");
        Assert.Equal(2, details.GetProperty("images").GetArrayLength());
        Assert.All(details.GetProperty("images").EnumerateArray(), id => Assert.InRange(id.GetInt32(), 1, 6));
        string state = details.GetProperty("state").GetString()!;
        Assert.True(File.Exists(state));
        Assert.Contains(state, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(details.GetProperty("step").GetInt32() - 1, TrainFolder.Metrics(folder.Output).Length);
    }

    [Fact]
    public void Fine_tuning_takes_the_model_of_its_first_weights_and_says_what_is_new()
    {
        using TrainFolder folder = new();
        string first = folder.Undisturbed(2);
        string data = File.ReadAllText(folder.Path("train.json"));
        File.WriteAllText(folder.Path("train.json"), data.Replace("\"categories\":[", "\"categories\":[{\"id\":7,\"name\":\"ring\"},", StringComparison.Ordinal));
        foreach (string init in new[] { "model.safetensors", "checkpoints/best.safetensors" })
        {
            string output = folder.Path(Path.GetFileNameWithoutExtension(init));
            CommandRun run = CommandRun.Of(["train", .. folder.Data, "--output", output, "--preset", "finetune-small", "--init", Path.Combine(first, init), "--steps", "1", "--set", "batch_size=2", "--device", "cpu"]).Exits(0);
            Assert.Contains("new: ", run.Error, StringComparison.Ordinal);
            Assert.Contains("roi_heads.box_predictor.cls_score.weight (other shape in the file)", run.Error, StringComparison.Ordinal);
            Assert.Contains("backbone.body ", run.Error, StringComparison.Ordinal);
            Assert.Contains("ring: 0 objects", File.ReadAllText(Path.Combine(output, "MODEL.md")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_cannot_be_trained_is_said_before_anything_is_written()
    {
        using TrainFolder folder = new();
        Says(2, "There is no --init", "--preset", "finetune-small");
        Says(2, "--val-images is given without --val", "--init", "none");
        Says(1, "keypoint_pairs", [.. TrainFolder.Recipe(), "--set", "augmentation.keypoint_pairs=[[1,1]]"]);
        Says(1, "learning_rate is no setting", [.. TrainFolder.Recipe(), "--set", "learning_rate=1"]);
        Says(1, "no such folder", [.. TrainFolder.Recipe(), "--images", folder.Path("nowhere")]);
        Assert.False(Directory.Exists(folder.Output));

        void Says(int code, string expected, params string[] more)
        {
            bool half = expected.StartsWith("--val-images", StringComparison.Ordinal);
            string[] data = more.Contains("--images") ? [.. folder.Data[..2], .. folder.Data[4..]] : half ? [.. folder.Data[..4], .. folder.Data[6..]] : folder.Data;
            CommandRun run = CommandRun.Of(["train", .. data, "--output", folder.Output, .. more]);
            Assert.True(run.Error.Contains(expected, StringComparison.Ordinal), $"{expected} is not in {run.Error}");
            run.Exits(code);
        }
    }

    [Fact]
    public void Completion_knows_the_recipes()
    {
        const string Line = "train --preset ";
        Assert.Contains("coco-r50-fpn-paper", CommandRun.Of($"[suggest:{Line.Length}]", Line).Exits(0).Out, StringComparison.Ordinal);
    }
}
