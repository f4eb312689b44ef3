using System.Text.Json;

namespace MaskRcnn.Client.Tests.Coco;

public sealed class StatsCommandTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Numbers_are_printed_as_text_and_as_json()
    {
        string path = _folder.Dataset("a.json", 3, category: "cat [small]");
        string text = CommandRun.Of("coco", "stats", path).Exits(0).Out;
        Assert.Contains("images              3, 0 without annotations", text, StringComparison.Ordinal);
        Assert.Contains("3 small, 0 medium, 0 large", text, StringComparison.Ordinal);
        Assert.Contains("cat [small]", text, StringComparison.Ordinal);

        JsonElement json = CommandRun.Of("coco", "stats", path, "--json").Exits(0).Json;
        Assert.Equal((3, 3, 3, 1.0), (json.GetProperty("images").GetInt32(), json.GetProperty("areas").GetProperty("small").GetInt32(),
            json.GetProperty("segmentations").GetProperty("rle").GetInt32(), json.GetProperty("objectsPerImage").GetProperty("mean").GetDouble()));
        Assert.Equal("cat [small]", json.GetProperty("categories")[0].GetProperty("name").GetString());
        Assert.Equal(4, json.GetProperty("imageSizes")[0].GetProperty("width").GetInt32());
    }
}
