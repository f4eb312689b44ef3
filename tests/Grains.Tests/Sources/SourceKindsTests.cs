using MaskRcnn.Grains.Sources;

namespace MaskRcnn.Grains.Tests.Sources;

public sealed class SourceKindsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maskrcnn-kinds-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/data/images", "folder")]
    [InlineData("/data/images.txt/", "folder")]
    [InlineData("az://c/prefix", "folder")]
    [InlineData("az://c/list.txt", "manifest")]
    [InlineData("/data/list.lst", "manifest")]
    [InlineData("/data/list.JSONL", "manifest")]
    [InlineData("/data/list.ndjson", "manifest")]
    [InlineData("https://a.blob.core.windows.net/c/gt.json?sv=1&sig=x.tar", "coco")]
    [InlineData("file:///data/images.tar", "tar")]
    [InlineData("https://a.blob.core.windows.net/c/images.tar.gz?sig=x", "tar")]
    public void A_source_is_told_by_how_its_URI_ends(string uri, string kind) => Assert.Equal(kind, SourceKinds.Of(uri, null));

    [Fact]
    public void What_is_said_counts_and_a_folder_is_one_whatever_its_name()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "odd.tar")).FullName;
        Assert.Equal("folder", SourceKinds.Of(folder, null));
        Assert.Equal("folder", SourceKinds.Of("file://" + folder, null));
        Assert.Equal("manifest", SourceKinds.Of("/data/names", "manifest"));
        Assert.Equal("folder", SourceKinds.Of("az://c/odd.tar", "folder"));
    }
}
