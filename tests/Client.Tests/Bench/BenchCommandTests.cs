using System.Text.Json;
using MaskRcnn.Client.Tests.Predict;

namespace MaskRcnn.Client.Tests.Bench;

public sealed class BenchCommandTests : IDisposable
{
    private readonly PredictFolder _folder = new();

    [Fact]
    public void A_model_is_timed_stage_by_stage()
    {
        JsonElement report = CommandRun.Of("bench", "--model", _folder.Model, "--input", Path.Combine(_folder.Images, "b.png"), "--runs", "3", "--json").Exits(0).Json;
        double total = report.GetProperty("secondsPerImage").GetDouble();
        double stages = report.GetProperty("stages").EnumerateObject().Sum(stage => stage.Value.GetDouble());
        Assert.InRange(stages, 0.9 * total, total);
        Assert.Equal("174x127", report.GetProperty("inputSize").GetString());
        Assert.Equal((100, 20), (report.GetProperty("proposals").GetInt32(), report.GetProperty("detections").GetInt32()));
        Assert.True(report.GetProperty("threads").GetInt32() >= 1);
    }

    [Fact]
    public void Without_weights_an_architecture_is_timed_with_weights_that_detect_something()
    {
        CommandRun run = CommandRun.Of("bench", "--arch", "maskrcnn_resnet18_fpn", "--size", "64x80", "--min-size", "96", "--runs", "1").Exits(0);
        Assert.Contains("96x120", run.Out, StringComparison.Ordinal);
        Assert.Contains("100 detections", run.Out, StringComparison.Ordinal);
        Assert.Contains("mask head", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("800")]
    [InlineData("0x10")]
    [InlineData("axb")]
    public void A_size_that_is_none_is_explained(string size) =>
        Assert.Contains($"--size {size}", CommandRun.Of("bench", "--arch", "maskrcnn_resnet18_fpn", "--size", size).Exits(2).Error, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
