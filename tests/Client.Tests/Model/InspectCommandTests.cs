using System.Text.Json;

namespace MaskRcnn.Client.Tests.Model;

public sealed class InspectCommandTests : IDisposable
{
    private readonly WeightFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_architecture_of_plain_weights_is_guessed_by_their_keys()
    {
        string path = _folder.Weights("w.safetensors", "maskrcnn_resnet50_fpn_v2");
        string text = CommandRun.Of("model", "inspect", path).Exits(0).Out;
        Assert.Contains("architecture   maskrcnn_resnet50_fpn_v2, guessed by keys and shapes", text, StringComparison.Ordinal);
        Assert.Contains("tensors        363 of F16, 69 of I64; 46420790 numbers", text, StringComparison.Ordinal);
        Assert.Contains("classes        91 with the background; 80 categories: 1 person, 2 bicycle,", text, StringComparison.Ordinal);
        Assert.Contains("norm eps       1e-5: the default; not a published torchvision v1 file", text, StringComparison.Ordinal);
        Assert.Contains("keys           every key and shape fits", text, StringComparison.Ordinal);

        JsonElement json = CommandRun.Of("model", "inspect", path, "--json").Exits(0).Json;
        Assert.Equal(("safetensors", "maskrcnn_resnet50_fpn_v2", "keys", 432), (json.GetProperty("format").GetString(), json.GetProperty("architecture").GetString(),
            json.GetProperty("architectureFrom").GetString(), json.GetProperty("tensors").GetInt32()));
        Assert.Equal((true, 1e-5), (json.GetProperty("fits").GetBoolean(), json.GetProperty("normEps").GetProperty("value").GetDouble()));
        Assert.Equal(91, json.GetProperty("configuration").GetProperty("classes").GetInt32());
    }

    [Fact]
    public void Old_keys_give_the_eps_of_the_published_files_unless_another_is_chosen()
    {
        string path = _folder.Weights("w.safetensors", "keypointrcnn_resnet18_fpn", oldNames: true);
        string text = CommandRun.Of("model", "inspect", path).Exits(0).Out;
        Assert.Contains("norm eps       0: published torchvision v1 file (old key names)", text, StringComparison.Ordinal);
        Assert.Contains("note           18 keys had old names.", text, StringComparison.Ordinal);
        Assert.Contains("norm eps       1e-3: chosen by --bn-eps", CommandRun.Of("model", "inspect", path, "--bn-eps", "0.001").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("not from 0 to 1", CommandRun.Of("model", "inspect", path, "--bn-eps", "2").Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fine_tuned_model_has_the_classes_of_its_last_layer()
    {
        string text = CommandRun.Of("model", "inspect", _folder.Weights("w.safetensors", "maskrcnn_resnet18_fpn", classes: 4)).Exits(0).Out;
        Assert.Contains("classes        4 with the background; what the labels mean is unknown", text, StringComparison.Ordinal);
        Assert.Contains("maskrcnn_resnet18_fpn has 91", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_architecture_exit_with_1_and_every_difference_is_listed()
    {
        string path = _folder.Weights("w.safetensors", "fasterrcnn_resnet18_fpn");
        CommandRun run = CommandRun.Of("model", "inspect", path, "--arch", "maskrcnn_resnet18_fpn").Exits(1);
        Assert.Contains("keys           12 missing, 0 unexpected, 0 of another shape or type:", run.Out, StringComparison.Ordinal);
        Assert.Contains("  missing roi_heads.mask_predictor.mask_fcn_logits.weight 91×256×1×1", run.Out, StringComparison.Ordinal);
        JsonElement json = CommandRun.Of("model", "inspect", path, "--arch", "maskrcnn_resnet18_fpn", "--json").Exits(1).Json;
        Assert.Equal((false, 12), (json.GetProperty("fits").GetBoolean(), json.GetProperty("differences").GetArrayLength()));
    }

    [Fact]
    public void Weights_of_no_preset_say_so_and_need_no_architecture()
    {
        string path = Repository.File("tests/data/detection/weights/types_zip.pth");
        Assert.Contains("unknown: the keys fit no preset", CommandRun.Of("model", "inspect", path).Exits(0).Out, StringComparison.Ordinal);
        JsonElement json = CommandRun.Of("model", "inspect", path, "--json").Exits(0).Json;
        Assert.Equal(("torch-zip", JsonValueKind.Null), (json.GetProperty("format").GetString(), json.GetProperty("architecture").ValueKind));
    }

    [Fact]
    public void A_pickle_with_code_is_an_error_that_names_it()
    {
        string path = Repository.File("tests/data/detection/weights/refused_system_zip.pth");
        CommandRun run = CommandRun.Of("model", "inspect", path, "--json").Exits(1);
        JsonElement error = run.Json.GetProperty("error");
        Assert.Equal(("invalid_file", path), (error.GetProperty("code").GetString(), error.GetProperty("details").GetProperty("file").GetString()));
        Assert.Contains("posix.system", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_an_unknown_architecture_are_errors()
    {
        Assert.Contains("does not exist", CommandRun.Of("model", "inspect", _folder.Path("no.pth")).Exits(1).Error, StringComparison.Ordinal);
        Assert.Contains("maskrcnn_resnet50_fpn", CommandRun.Of("model", "inspect", _folder.Path("no.pth"), "--arch", "yolo").Exits(2).Error, StringComparison.Ordinal);
    }
}
