using System.Buffers;
using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using MaskRcnn.Grains.Results.Tar;

namespace MaskRcnn.Grains.Tests.Results.Tar;

/// <summary>Archives against three readers that are not ours.</summary>
public sealed class TarHeaderTests : IDisposable
{
    /// <summary>A name for each way to write one, and sizes about a block.</summary>
    private static readonly (string Name, int Size)[] Files =
    [
        ("a.png.json", 0),
        ("sub/b c.png.json", 1),
        ("sub/+&'\"\\;$.json", 511),
        ($"{new string('x', 95)}.json", 512),
        ($"{new string('p', 60)}/{new string('x', 60)}.json", 513),
        ($"{new string('p', 155)}/{new string('x', 95)}.json", 7),
        ($"{new string('p', 156)}/{new string('x', 95)}.json", 8),
        ($"{new string('y', 150)}.json", 9),
        ($"{new string('p', 90)}/{new string('q', 90)}/{new string('r', 90)}/{new string('s', 90)}.json", 10),
        ("Zellkerne/Überblick – 細胞 🔬.png.json", 2000),
        ($"{string.Concat(Enumerable.Repeat("細", 80))}.json", 11),
        ("line\nbreak.json", 12),
        ($"{new string('z', 99)}/b.json", 13),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("maskrcnn-tar-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TarReader_finds_every_name_and_all_bytes()
    {
        using var reader = new TarReader(new MemoryStream(Archive()));
        foreach ((string name, int size) in Files)
        {
            TarEntry entry = reader.GetNextEntry()!;
            Assert.Equal(name, entry.Name);
            Assert.Equal(TarEntryType.RegularFile, entry.EntryType);
            Assert.Equal(DateTimeOffset.UnixEpoch, entry.ModificationTime);
            Assert.Equal("644", Convert.ToString((int)entry.Mode, 8));
            Assert.Equal((0, 0), (entry.Uid, entry.Gid));
            var data = new MemoryStream();
            entry.DataStream?.CopyTo(data);
            Assert.Equal(Data(name, size), data.ToArray());
        }
        Assert.Null(reader.GetNextEntry());
    }

    [Fact]
    public void Python_finds_every_name_and_all_bytes()
    {
        const string Script = """
            import sys, tarfile
            with tarfile.open(sys.argv[1], 'r:') as archive:
                for m in archive:
                    assert m.isreg() and m.mode == 0o644 and m.uid == m.gid == 0 and m.mtime == 0 and m.uname == m.gname == ''
                    print(m.name.encode().hex(), archive.extractfile(m).read().hex())
            """;
        string[] lines = Lines(Run("python3", "-c", Script, WriteArchive()));
        Assert.Equal(Files.Select(f => $"{Hex(f.Name)} {Convert.ToHexStringLower(Data(f.Name, f.Size))}"), lines);
    }

    [Fact]
    public void GNU_tar_unpacks_every_file()
    {
        string archive = WriteArchive(), target = Directory.CreateDirectory(Path.Combine(_folder, "out")).FullName;
        Run("tar", "-xf", archive, "-C", target);
        foreach ((string name, int size) in Files) Assert.Equal(Data(name, size), File.ReadAllBytes(Path.Combine(target, name)));
        Assert.Equal(Files.Length, Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public void Entries_of_8_GB_and_more_have_their_size_in_a_PAX_header()
    {
        foreach (long size in new[] { (1L << 33) - 1, 1L << 33, 1L << 36 })
        {
            var output = new ArrayBufferWriter<byte>();
            int header = TarHeader.Write(output, "large.json", size);
            Assert.Equal(size < 1L << 33 ? 512 : 3 * 512, header);
            Assert.Equal(header, output.WrittenCount);
            // The data are a hole of a sparse file, and then another entry follows.
            string path = Path.Combine(_folder, "large.tar");
            using (FileStream file = File.Create(path))
            {
                file.Write(output.WrittenSpan);
                file.Position += size + TarHeader.Padding(size);
                file.Write(Entries(("after.json", 5)));
                file.Write(new byte[TarHeader.EndSize]);
            }
            using (FileStream file = File.OpenRead(path))
            {
                using var reader = new TarReader(file);
                TarEntry large = reader.GetNextEntry()!;
                Assert.Equal(("large.json", size), (large.Name, large.Length));
                Assert.Equal("after.json", reader.GetNextEntry()!.Name);
            }
            Assert.Equal([$"large.json {size}", "after.json 5"], Lines(Run("python3", "-c", "import sys, tarfile\nfor m in tarfile.open(sys.argv[1], 'r:'): print(m.name, m.size)", path)));
            Assert.Equal(["large.json", "after.json"], Lines(Run("tar", "-tf", path)));
        }
    }

    [Fact]
    public void The_same_name_and_size_give_the_same_bytes_and_lengths_of_lengths_are_right()
    {
        for (int length = 1; length < 1200; length++)
        {
            string name = new('é', length);
            byte[] first = Entries((name, 3));
            Assert.Equal(first, Entries((name, 3)));
            using var reader = new TarReader(new MemoryStream([.. first, .. new byte[TarHeader.EndSize]]));
            Assert.Equal(name, reader.GetNextEntry()!.Name);
        }
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("./a")]
    [InlineData("a\0b")]
    public void Names_that_leave_the_folder_or_are_no_file_are_refused(string name)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => TarHeader.Write(new ArrayBufferWriter<byte>(), name, 0));
        Assert.Contains("expected a relative path", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..a")]
    [InlineData("a..")]
    [InlineData("a/...b/.c")]
    public void Names_with_dots_are_names(string name) => Assert.Equal(512, TarHeader.Write(new ArrayBufferWriter<byte>(), name, 0));

    private static byte[] Archive() => [.. Entries(Files[..4]), .. Entries(Files[4..]), .. new byte[TarHeader.EndSize]];

    private static byte[] Entries(params (string Name, int Size)[] files)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach ((string name, int size) in files)
        {
            int before = output.WrittenCount;
            Assert.Equal(TarHeader.Write(output, name, size), output.WrittenCount - before);
            output.Write(Data(name, size));
            output.Write(new byte[TarHeader.Padding(size)]);
            Assert.Equal(0, output.WrittenCount % TarHeader.BlockSize);
        }
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Data(string name, int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 7 + name.Length))];

    private string WriteArchive()
    {
        string path = Path.Combine(_folder, "archive.tar");
        File.WriteAllBytes(path, Archive());
        return path;
    }

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What a program prints; where it is not installed the test is skipped.</summary>
    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
        }
        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.Result);
            return output;
        }
    }
}
