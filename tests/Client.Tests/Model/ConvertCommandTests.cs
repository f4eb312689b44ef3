using System.Text.Json;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Client.Tests.Model;

public sealed class ConvertCommandTests : IDisposable
{
    private const string Preset = "fasterrcnn_resnet18_fpn";

    private readonly WeightFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Old_weights_become_a_model_file_that_needs_no_explanation()
    {
        string input = _folder.Weights("old.pth", Preset, oldNames: true), output = _folder.Path("new/model.safetensors");
        string text = CommandRun.Of("model", "convert", "--arch", Preset, "--weights", input, "--output", output).Exits(0).Out;
        Assert.Contains($"Wrote {output}: {Preset}, 130 tensors,", text, StringComparison.Ordinal);
        Assert.Contains("norm eps       0: published torchvision v1 file (old key names)", text, StringComparison.Ordinal);
        using (ModelFile model = ModelFile.Read(output))
        {
            Assert.Equal((Preset, 0, 80), (model.Configuration.Name, model.Configuration.Backbone.Norm.Eps, model.Configuration.Categories.Count));
            Assert.All(model.Weights.Tensors, tensor => Assert.Equal(TensorType.F16, tensor.Type));
        }
        string inspected = CommandRun.Of("model", "inspect", output).Exits(0).Out;
        Assert.Contains($"architecture   {Preset}, by the file's own metadata", inspected, StringComparison.Ordinal);
        Assert.Contains("norm eps       0: the file's own metadata", inspected, StringComparison.Ordinal);

        JsonElement json = CommandRun.Of("model", "convert", "--weights", output, "--output", _folder.Path("b.safetensors"), "--dtype", "bf16", "--json").Exits(0).Json;
        Assert.Equal((Preset, 130, true), (json.GetProperty("architecture").GetString(), json.GetProperty("tensors").GetInt32(), json.GetProperty("fits").GetBoolean()));
        using ModelFile converted = ModelFile.Read(_folder.Path("b.safetensors"));
        Assert.All(converted.Weights.Tensors, tensor => Assert.Equal(TensorType.BF16, tensor.Type));
        Assert.Equal(0, converted.Configuration.Backbone.Norm.Eps);
    }

    [Fact]
    public void Categories_of_a_fine_tuned_model_come_from_a_file()
    {
        string input = _folder.Weights("w.safetensors", Preset, classes: 3);
        string names = _folder.Write("names.txt", "cell\nnucleus\n");
        string coco = _folder.Write("coco.json", """{"images":[],"annotations":[],"categories":[{"id":40,"name":"nucleus"},{"id":7,"name":"cell"}]}""");
        foreach (string file in (string[])[names, coco])
        {
            CommandRun.Of("model", "convert", "--arch", Preset, "--weights", input, "--output", _folder.Path("m.safetensors"), "--categories", file, "--overwrite").Exits(0);
            using ModelFile model = ModelFile.Read(_folder.Path("m.safetensors"));
            Assert.Equal([(1, "cell"), (2, "nucleus")], model.Configuration.Categories.Select(c => (c.Label, c.Name)));
        }
        string three = _folder.Write("three.json", """[{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":3,"name":"c"}]""");
        CommandRun run = CommandRun.Of("model", "convert", "--arch", Preset, "--weights", input, "--output", _folder.Path("n.safetensors"), "--categories", three).Exits(1);
        Assert.Contains("3 categories with ids up to 3; the model has the labels 1 to 2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_a_model_file_can_be_changed_but_not_to_what_its_weights_do_not_fit()
    {
        string first = _folder.Path("first.safetensors"), second = _folder.Path("second.safetensors");
        string input = _folder.Weights("w.safetensors", Preset);
        CommandRun.Of("model", "convert", "--arch", Preset, "--weights", input, "--output", first).Exits(0);
        CommandRun.Of("model", "convert", "--weights", first, "--output", second, "--set", "post_processing.score_threshold=0.25", "transform.min_sizes=[320]", "post_processing.mask_nms_threshold=0.3").Exits(0);
        using (ModelFile model = ModelFile.Read(second))
        {
            Assert.Equal((0.25, 0.3), (model.Configuration.PostProcessing.ScoreThreshold, model.Configuration.PostProcessing.MaskNmsThreshold));
            Assert.Equal([320], model.Configuration.Transform.MinSizes);
        }

        (string Setting, string Message)[] wrong =
        [
            ("fpn.channels=64", "does not fit"), ("post_processing.score_threshold=2", "post_processing.score_threshold is 2; expected 0 to 1"),
            ("colour=red", "colour is no setting"), ("post_processing", "'post_processing' is no setting; expected path=value"), ("name.first=a", "name has no parts"),
            ("post_processing.score_threshold=high", "A setting is not valid"),
        ];
        Assert.All(wrong, w => Assert.Contains(w.Message, CommandRun.Of("model", "convert", "--weights", first, "--output", _folder.Path("third.safetensors"), "--set", w.Setting).Exits(1).Error, StringComparison.Ordinal));
        Assert.False(File.Exists(_folder.Path("third.safetensors")));
    }

    [Fact]
    public void Weights_that_do_not_fit_write_nothing()
    {
        string input = _folder.Weights("w.safetensors", Preset), output = _folder.Path("m.safetensors");
        CommandRun run = CommandRun.Of("model", "convert", "--arch", "maskrcnn_resnet18_fpn", "--weights", input, "--output", output, "--json").Exits(1);
        JsonElement error = run.Json.GetProperty("error");
        Assert.Equal("weights_mismatch", error.GetProperty("code").GetString());
        Assert.Contains("missing roi_heads.mask_head.0.0.weight 256×256×3×3", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void Plain_weights_without_an_architecture_are_told_which_they_fit() => Assert.Contains(
        $"Its keys fit --arch {Preset}.",
        CommandRun.Of("model", "convert", "--weights", _folder.Weights("w.safetensors", Preset), "--output", _folder.Path("m.safetensors")).Exits(1).Error, StringComparison.Ordinal);

    [Fact]
    public void An_existing_file_is_replaced_only_when_asked()
    {
        string input = _folder.Weights("w.safetensors", Preset), output = _folder.Write("m.safetensors", "kept");
        string[] command = ["model", "convert", "--arch", Preset, "--weights", input, "--output", output];
        Assert.Contains("--overwrite", CommandRun.Of(command).Exits(1).Error, StringComparison.Ordinal);
        Assert.Equal("kept", File.ReadAllText(output));
        CommandRun.Of([.. command, "--overwrite"]).Exits(0);
    }
}
