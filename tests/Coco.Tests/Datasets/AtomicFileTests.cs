using System.Text;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Coco.Tests.Datasets;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cancelled_write_leaves_the_file_as_it_was_and_nothing_beside_it()
    {
        string path = _folder.Write("a.json", "before");
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("some"u8);
            cancellation.Cancel();
            stream.Write("more"u8);
        }, cancellation.Token));
        OnlyFile(path, "before");
    }

    [Fact]
    public void A_write_cancelled_after_its_last_byte_is_not_committed()
    {
        string path = _folder.Write("a.json", "before");
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("all"u8);
            cancellation.Cancel();
        }, cancellation.Token));
        OnlyFile(path, "before");
    }

    [Fact]
    public void A_failed_write_leaves_nothing_and_its_error_names_the_file()
    {
        string path = _folder.File("a.json");
        IOException exception = Assert.Throws<IOException>(() => AtomicFile.Write(path, stream => throw new IOException($"disk full: {Directory.GetFiles(_folder.Path)[0]}")));
        Assert.Equal($"disk full: {path}", exception.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Behind_a_link_the_target_is_replaced_and_keeps_its_permissions()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Permissions are Unix modes here.");
            return;
        }
        string target = _folder.Write("real.json", "before"), link = _folder.File("link.json");
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, target);
        AtomicFile.Write(link, stream => stream.Write("after"u8));
        Assert.Equal(target, new FileInfo(link).LinkTarget);
        Assert.Equal("after", File.ReadAllText(target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
    }

    [Fact]
    public void A_device_is_written_to_and_stays_a_device()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full.");
        AtomicFile.Write("/dev/null", stream => stream.Write("nothing"u8));
        Assert.Equal("", File.ReadAllText("/dev/null"));
        Assert.Throws<IOException>(() => AtomicFile.Write("/dev/full", stream => stream.Write(Encoding.UTF8.GetBytes("anything"))));
    }

    private void OnlyFile(string path, string text)
    {
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal(text, File.ReadAllText(path));
    }
}
