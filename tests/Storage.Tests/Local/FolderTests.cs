using System.Diagnostics;
using System.Text;
using MaskRcnn.Storage.Local;

namespace MaskRcnn.Storage.Tests.Local;

/// <summary>What is particular to a folder: files of others, links, and what a killed writer leaves.</summary>
public sealed class FolderTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly LocalBlobStore _store;

    public FolderTests() => _store = new LocalBlobStore(_folder["blobs"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_in_place_is_seen_although_size_and_time_are_set_back(bool isOwn)
    {
        string path = _folder["blobs/x"];
        if (isOwn) await Put("x", "one");
        else Foreign("blobs/x", "one");
        DateTime time = File.GetLastWriteTimeUtc(path);
        string before = (await _store.FindAsync("x", None))!.ETag;
        Assert.Equal(before, (await new LocalBlobStore(_folder["blobs"]).FindAsync("x", None))!.ETag);
        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, time);
        Assert.NotEqual(before, (await _store.FindAsync("x", None))!.ETag);
        await Assert.ThrowsAsync<BlobChangedException>(() => _store.ReadAsync("x", new BlobReadOptions { IfMatch = before }, None));
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_streamed_is_an_error()
    {
        Foreign("blobs/x", new string('a', 100_000));
        await using Stream stream = await _store.OpenReadAsync("x", null, None);
        await stream.ReadExactlyAsync(new byte[10]);
        File.WriteAllText(_folder["blobs/x"], new string('b', 100_000));
        await Assert.ThrowsAsync<BlobChangedException>(() => stream.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_file_that_is_replaced_or_deleted_while_it_is_streamed_is_read_as_it_was()
    {
        await Put("x", "old");
        await using Stream first = await _store.OpenReadAsync("x", null, None);
        await Put("x", "new");
        Assert.Equal("old", await new StreamReader(first).ReadToEndAsync());
        await using Stream second = await _store.OpenReadAsync("x", null, None);
        await _store.DeleteAsync("x", null, None);
        Assert.Equal("new", await new StreamReader(second).ReadToEndAsync());
    }

    [Fact]
    public async Task Nothing_is_written_or_deleted_through_a_link()
    {
        Foreign("outside/x", "kept");
        Directory.CreateDirectory(_folder["blobs"]);
        Directory.CreateSymbolicLink(_folder["blobs/out"], _folder["outside"]);
        File.CreateSymbolicLink(_folder["blobs/file"], _folder["outside/x"]);
        foreach (string name in new[] { "out/x", "out/y", "out/a/y" })
        {
            BlobException refused = await Assert.ThrowsAsync<BlobException>(() => Put(name, "bad"));
            Assert.Contains("'out' in its name is a link", refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<BlobException>(() => _store.DeleteAsync(name, null, None));
        }
        await Put("file", "mine");
        Assert.Equal("mine", File.ReadAllText(_folder["blobs/file"]));
        Assert.Equal("kept", File.ReadAllText(_folder["outside/x"]));
        Assert.Equal(["x"], Directory.EnumerateFileSystemEntries(_folder["outside"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Links_are_followed_to_read_and_loops_end()
    {
        Foreign("outside/image.png", "picture");
        Foreign("outside/deep/other.png", "picture");
        Foreign("blobs/real/a.png", "picture");
        File.CreateSymbolicLink(_folder["blobs/file.png"], _folder["outside/image.png"]);
        File.CreateSymbolicLink(_folder["blobs/gone.png"], _folder["outside/gone.png"]);
        Directory.CreateSymbolicLink(_folder["blobs/loop"], _folder["blobs"]);
        Directory.CreateSymbolicLink(_folder["blobs/again"], _folder["blobs/real"]);
        Directory.CreateSymbolicLink(_folder["blobs/out"], _folder["outside"]);
        Directory.CreateSymbolicLink(_folder["outside/back"], _folder["blobs"]);
        Directory.CreateSymbolicLink(_folder["outside/up"], _folder.Path);
        List<string> names = [];
        await foreach (BlobPage page in _store.ListAsync("", null, 100, None)) names.AddRange(page.Blobs.Select(blob => blob.Name));
        string[] expected = ["file.png", "out/deep/other.png", "out/image.png", "real/a.png"];
        Assert.Equal(expected, names);
        Assert.Equal("picture", Encoding.UTF8.GetString((await _store.ReadAsync("out/image.png", null, None)).Data));
    }

    [Fact]
    public async Task Only_files_are_blobs()
    {
        Foreign("blobs/a/x", "file");
        using (Process pipe = Process.Start("mkfifo", _folder["blobs/pipe"])) await pipe.WaitForExitAsync();
        await Assert.ThrowsAsync<BlobNotFoundException>(() => _store.ReadAsync("pipe", null, None));
        await Assert.ThrowsAsync<BlobNotFoundException>(() => _store.ReadAsync("a", null, None));
        List<string> names = [];
        await foreach (BlobPage page in _store.ListAsync("", null, 100, None)) names.AddRange(page.Blobs.Select(blob => blob.Name));
        Assert.Equal(["a/x"], names);
    }

    [Fact]
    public async Task A_sweep_deletes_what_dead_writers_left_and_keeps_what_living_ones_write()
    {
        var named = new LocalBlobStore(_folder["blobs"], new LocalOptions(AnonymousFiles: false));
        Foreign("blobs/a/" + LocalWrite.TemporaryPrefix + "dead", "left");
        await using BlobWriteStream living = await named.OpenWriteAsync("a/x", WriteCondition.Absent, "a", None);
        Assert.Equal(1, _store.Sweep());
        Assert.Equal(WriteOutcome.Written, (await living.CommitAsync(None)).Outcome);
        Assert.Equal(0, _store.Sweep());
        Assert.Equal(0, new LocalBlobStore(_folder["nothing"]).Sweep());
    }

    [Fact]
    public async Task Without_extended_attributes_versions_are_told_by_inode_and_time()
    {
        var plain = new LocalBlobStore(_folder["blobs"], new LocalOptions(Attributes: false));
        WriteResult first = await plain.WriteAsync("x", "one"u8.ToArray(), WriteCondition.Absent, "a1", None);
        Assert.Equal(first.ETag, (await plain.ReadAsync("x", null, None)).ETag);
        Assert.Equal(new WriteResult(WriteOutcome.Anothers, first.ETag), await plain.WriteAsync("x", "one"u8.ToArray(), WriteCondition.Absent, "a1", None));
        WriteResult second = await plain.WriteAsync("x", "two"u8.ToArray(), WriteCondition.Match(first.ETag!), "a2", None);
        Assert.Equal(WriteOutcome.Written, second.Outcome);
        Assert.NotEqual(first.ETag, second.ETag);
    }

    [Fact]
    public async Task What_a_disk_cannot_do_is_said_with_the_blobs_name()
    {
        await Put("a", "file");
        BlobException below = await Assert.ThrowsAsync<BlobException>(() => Put("a/b", "x"));
        Assert.Contains("'a' in its name is a file", below.Message, StringComparison.Ordinal);
        string name = "d/" + new string('n', 300);
        BlobException tooLong = await Assert.ThrowsAsync<BlobException>(() => Put(name, "x"));
        Assert.Contains(name + ": it cannot be written: the name is too long", tooLong.Message, StringComparison.Ordinal);
        await Put("f/b", "x");
        await Assert.ThrowsAsync<BlobException>(() => Put("f", "x"));
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_an_error_to_list_and_has_no_blobs()
    {
        Assert.Null(await _store.FindAsync("x", None));
        await using IAsyncEnumerator<BlobPage> pages = _store.ListAsync("", null, 1, None).GetAsyncEnumerator(None);
        BlobException missing = await Assert.ThrowsAsync<BlobException>(async () => await pages.MoveNextAsync());
        Assert.Contains(_folder["blobs"], missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_and_a_file_URI_are_opened()
    {
        Assert.Equal("/data/images", BlobStores.Open("/data/images/").Location);
        Assert.Equal("/data/some images", BlobStores.Open("file:///data/some%20images").Location);
        Assert.Equal(Path.GetFullPath("images"), BlobStores.Open("images").Location);
        (IBlobStore store, string name) = BlobStores.OpenBlob("/data/.hidden/model.safetensors");
        Assert.Equal(("/data/.hidden", "model.safetensors"), (store.Location, name));
        Assert.Throws<ArgumentException>(() => BlobStores.OpenBlob("/data/"));
    }

    public void Dispose() => _folder.Dispose();

    private Task<WriteResult> Put(string name, string text) => _store.WriteAsync(name, Encoding.UTF8.GetBytes(text), WriteCondition.None, "a", None);

    private void Foreign(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
    }
}
