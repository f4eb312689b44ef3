namespace MaskRcnn.Storage.Tests;

public sealed class StorageRootsTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("https://acc.blob.core.windows.net/c/data", true)]
    [InlineData("https://acc.blob.core.windows.net/c/data/", true)]
    [InlineData("https://ACC.Blob.core.windows.NET/c/data/x?sv=1&sig=SECRET", true)]
    [InlineData("HTTPS://acc.blob.core.windows.net:443/c/data/x/y.json", true)]
    [InlineData("https://acc.blob.core.windows.net./c/data", true)]
    [InlineData("https://acc.blob.core.windows.net/c/d%61ta/x", true)]
    [InlineData("https://acc.blob.core.windows.net/c/database", false)]
    [InlineData("https://acc.blob.core.windows.net/c", false)]
    [InlineData("https://acc.blob.core.windows.net/c/Data", false)]
    [InlineData("https://acc.blob.core.windows.net/c/data/../secret", false)]
    [InlineData("https://acc.blob.core.windows.net/c/data/%2e%2e/secret", false)]
    [InlineData("https://acc.blob.core.windows.net/c/data/%2E./secret", false)]
    [InlineData("https://acc.blob.core.windows.net/c/data/x%2f..%2f../secret", false)]
    [InlineData("https://acc.blob.core.windows.net/c/data/./x", false)]
    [InlineData("https://acc.blob.core.windows.net/c//data", false)]
    [InlineData("https://acc.blob.core.windows.net/c/data\\..\\x", false)]
    [InlineData("https://acc.blob.core.windows.net/c/data/%5c..", false)]
    [InlineData("https://acc.blob.core.windows.net/c/data/a%00b", false)]
    [InlineData("https://acc.blob.core.windows.net@evil.example/c/data", false)]
    [InlineData("https://evil.example/acc.blob.core.windows.net/c/data", false)]
    [InlineData("https://acc.blob.core.windows.net.evil.example/c/data", false)]
    [InlineData("http://acc.blob.core.windows.net/c/data", false)]
    [InlineData("https://acc.blob.core.windows.net:8443/c/data", false)]
    [InlineData("az://models/v1/tiny.safetensors", true)]
    [InlineData("AZ://models/v1", true)]
    [InlineData("az://models/v10", false)]
    [InlineData("az://models", false)]
    [InlineData("az://models/v1/../v2", false)]
    [InlineData("az://models//v1", false)]
    [InlineData("s3://models/v1", false)]
    [InlineData("s3://data/in/x", true)]
    [InlineData("S3://data/in", true)]
    [InlineData("s3://data/inner", false)]
    [InlineData("az://data/in", false)]
    [InlineData("relative/path", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("file://host/etc", false)]
    [InlineData("", false)]
    public void A_URI_is_compared_by_parts_after_normalising(string uri, bool may)
    {
        var roots = new StorageRoots(["https://acc.blob.core.windows.net/c/data/", "az://models/v1", "s3://data/in"]);
        string? problem = roots.Problem(uri);
        Assert.Equal(may, problem is null);
        if (!may) Assert.DoesNotContain("SECRET", Assert.Throws<ArgumentException>(() => roots.Open(uri, BlobStores.Open)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/data/images", true)]
    [InlineData("/data/images/", true)]
    [InlineData("/data//images/a", true)]
    [InlineData("file:///data/images/a%20b", true)]
    [InlineData("/data/imagesX", false)]
    [InlineData("/data", false)]
    [InlineData("/data/images/../x", false)]
    [InlineData("/data/images/..", false)]
    [InlineData("/data/images/./x", false)]
    [InlineData("file:///data/images/%2e%2e/x", false)]
    [InlineData("/", false)]
    public void A_folder_is_compared_by_parts(string uri, bool may) => Assert.Equal(may, new StorageRoots(["/data/images"]).Problem(uri) is null);

    [Fact]
    public void Without_roots_everything_may_be_reached()
    {
        Assert.Null(StorageRoots.Everything.Problem("/etc/passwd"));
        Assert.Null(StorageRoots.Everything.Problem("what is this?"));
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/a/../b")]
    [InlineData("https://acc.blob.core.windows.net")]
    [InlineData("https://acc.blob.core.windows.net/c?sv=1&sig=SECRET")]
    [InlineData("gs://x/y")]
    [InlineData("s3://x/y?token=SECRET")]
    public void A_root_that_is_none_is_an_error(string root) =>
        Assert.DoesNotContain("SECRET", Assert.Throws<ArgumentException>(() => new StorageRoots([root])).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Links_do_not_lead_out_of_a_root()
    {
        string root = Directory.CreateDirectory(Path.Combine(_folder.Path, "root")).FullName, outside = Directory.CreateDirectory(Path.Combine(_folder.Path, "outside")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "in/below"));
        await File.WriteAllTextAsync(Path.Combine(root, "in/below/a.txt"), "a");
        await File.WriteAllTextAsync(Path.Combine(root, "b.txt"), "b");
        await File.WriteAllTextAsync(Path.Combine(outside, "secret.txt"), "secret");
        Directory.CreateSymbolicLink(Path.Combine(root, "out"), outside);
        Directory.CreateSymbolicLink(Path.Combine(root, "in/out"), outside);
        File.CreateSymbolicLink(Path.Combine(root, "in/file.txt"), Path.Combine(outside, "secret.txt"));
        File.CreateSymbolicLink(Path.Combine(root, "in/fine.txt"), Path.Combine(root, "b.txt"));
        // The way to a root may be a link: it is the operator's.
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "alias"), root);
        foreach (string named in (string[])[root, Path.Combine(_folder.Path, "alias")])
        {
            var roots = new StorageRoots([named]);
            Assert.NotNull(roots.Problem(Path.Combine(root, "out")));
            Assert.NotNull(roots.Problem(Path.Combine(root, "out/new/folder")));
            Assert.Null(roots.Problem(Path.Combine(root, "new/folder")));
            IBlobStore store = roots.Open(Path.Combine(_folder.Path, "alias/in"), BlobStores.Open);
            Assert.Equal("a", System.Text.Encoding.UTF8.GetString((await store.ReadAsync("below/a.txt", null, None)).Data));
            Assert.Equal("b", System.Text.Encoding.UTF8.GetString((await store.ReadAsync("fine.txt", null, None)).Data));
            foreach (string name in (string[])["file.txt", "out/secret.txt"])
            {
                await Assert.ThrowsAsync<BlobOutsideException>(() => store.ReadAsync(name, null, None));
                await Assert.ThrowsAsync<BlobOutsideException>(() => store.OpenReadAsync(name, null, None));
                await Assert.ThrowsAsync<BlobOutsideException>(() => store.FindAsync(name, None));
            }
            List<string> names = [];
            await foreach (BlobPage page in store.ListAsync("", null, 100, None)) names.AddRange(page.Blobs.Select(blob => blob.Name));
            Assert.DoesNotContain("out/secret.txt", names);
            Assert.Contains("below/a.txt", names);
        }
    }

    public void Dispose() => _folder.Dispose();
}
