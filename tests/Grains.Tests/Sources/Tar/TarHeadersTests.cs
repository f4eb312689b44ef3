using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Grains.Sources.Tar;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Local;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Sources.Tar;

/// <summary>Archives of three writers that are not ours.</summary>
public sealed class TarHeadersTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Names for each way to write one, and sizes about a block.</summary>
    private static readonly (string Name, int Size)[] Files =
    [
        ("a.png", 0), ("sub/b c.png", 1), ("sub/+&'$.png", 511), ($"{new string('x', 96)}.png", 512), ($"{new string('p', 60)}/{new string('x', 60)}.png", 513),
        ("z.png", 100_000),
    ];

    /// <summary>Names that USTAR cannot say.</summary>
    private static readonly (string Name, int Size)[] LongFiles =
    [
        .. Files, ($"{new string('y', 150)}.png", 9), ($"{string.Concat(Enumerable.Repeat(new string('q', 90) + "/", 5))}s.png", 10), ("Überblick – 細胞 🔬.png", 2000),
        ($"{string.Concat(Enumerable.Repeat("細", 80))}.png", 11),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("maskrcnn-tar-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ustar")]
    [InlineData("v7")]
    [InlineData("gnu")]
    [InlineData("oldgnu")]
    [InlineData("pax")]
    public void What_GNU_tar_writes_is_found(string format)
    {
        (string Name, int Size)[] files = format is "v7" ? [.. Files.Where(f => f.Name.Length < 100)] : format is "ustar" ? Files : LongFiles;
        byte[] archive = Gnu(files, "--format=" + format, ".");
        CheckFound(files, archive);
    }

    [Theory]
    [InlineData("USTAR_FORMAT")]
    [InlineData("GNU_FORMAT")]
    [InlineData("PAX_FORMAT")]
    public void What_Python_writes_is_found(string format)
    {
        const string Script = """
            import sys, tarfile, os
            with tarfile.open(sys.argv[1], 'w', format=getattr(tarfile, sys.argv[2])) as archive:
                archive.add(sys.argv[3], arcname='.')
            """;
        (string Name, int Size)[] files = format == "USTAR_FORMAT" ? Files : LongFiles;
        string target = Path.Combine(_folder, "python.tar");
        Run("python3", "-c", Script, target, format, Unpacked(files));
        CheckFound(files, File.ReadAllBytes(target));
    }

    [Theory]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public void What_dotnet_writes_is_found(TarEntryFormat format)
    {
        (string Name, int Size)[] files = format switch
        {
            TarEntryFormat.V7 => [.. Files.Where(f => f.Name.Length < 100)],
            TarEntryFormat.Ustar => Files,
            _ => LongFiles,
        };
        CheckFound(files, Dotnet(format, files));
    }

    [Fact]
    public void Links_are_entries_without_data_and_folders_are_none()
    {
        string folder = Unpacked([("a.png", 600)]);
        Directory.CreateDirectory(Path.Combine(folder, "empty.png"));
        File.CreateSymbolicLink(Path.Combine(folder, "b.png"), "a.png");
        Run("ln", Path.Combine(folder, "a.png"), Path.Combine(folder, "c.png"));
        string target = Path.Combine(_folder, "links.tar");
        Run("tar", "-cf", target, "--sort=name", "-C", folder, "a.png", "b.png", "c.png", "empty.png");
        Assert.Equal([("a.png", 600, true), ("b.png", 0, false), ("c.png", 0, false)], Read(File.ReadAllBytes(target)).Select(e => (e.Name, (int)e.Size, e.IsFile)));
    }

    [Fact]
    public void A_global_header_such_as_gits_says_nothing()
    {
        byte[] archive = Dotnet(TarEntryFormat.Pax, [("a.png", 3)], new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["comment"] = "4b825dc" }));
        Assert.Equal(["a.png"], Read(archive).Select(e => e.Name));
        byte[] named = Dotnet(TarEntryFormat.Pax, [("a.png", 3)], new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["path"] = "x" }));
        Assert.Contains("gives all entries one name", Fault(named), StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_that_is_cut_off_anywhere_is_an_error()
    {
        byte[] archive = Dotnet(TarEntryFormat.Pax, [("a.png", 700), (new string('b', 200), 0), ("c.png", 512)]);
        int end = archive.AsSpan().LastIndexOfAnyExcept((byte)0) / 512 * 512 + 512;
        // The last two blocks alone may be missing but for one: GNU tar calls that a lone zero block.
        for (int length = 0; length < end + 512; length++) Assert.Contains(length < 512 ? "" : "cut off", Fault(archive[..length]), StringComparison.Ordinal);
        for (int length = end + 512; length <= archive.Length; length++) Assert.Equal(3, Read(archive[..length]).Count);
    }

    [Fact]
    public void Bytes_that_are_changed_never_give_entries_outside_of_the_archive_nor_other_exceptions()
    {
        byte[] archive = Dotnet(TarEntryFormat.Gnu, [("a.png", 700), (new string('b', 200), 20), ("c.png", 512)]);
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            byte[] changed = [.. archive];
            for (int i = random.Next(1, 4); i > 0; i--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            // A checksum that holds lets the change through.
            if (seed % 2 == 0) Checksum(changed, 512 * random.Next(changed.Length / 512));
            try
            {
                Assert.All(Read(changed), entry => Assert.True(entry.Size >= 0 && entry.Offset + entry.Size <= changed.Length, $"seed {seed}: {entry}"));
            }
            catch (SourceException)
            {
                // As it should be.
            }
        }
    }

    [Theory]
    [InlineData("gzip", "gunzip", "-z")]
    [InlineData("bzip2", "bunzip2", "-j")]
    [InlineData("xz", "unxz", "-J")]
    public void A_compressed_archive_is_refused_with_what_to_do(string name, string tool, string option)
    {
        Assert.SkipWhen(Found(name) is null, $"{name} is not installed");
        string fault = Fault(Gnu(Files, option, "."));
        Assert.Contains($"it is compressed ({name}); expected a plain tar archive", fault, StringComparison.Ordinal);
        Assert.Contains($"'{tool}'", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_for_certain_is_refused()
    {
        byte[] plain = Dotnet(TarEntryFormat.Ustar, [("a.png", 700)]);
        Assert.Contains("it is no tar archive", Fault(Encoding.UTF8.GetBytes(new string('x', 2000))), StringComparison.Ordinal);
        Assert.Contains("something comes after that", Fault([.. plain, .. plain]), StringComparison.Ordinal);
        Assert.Contains("is sparse", Fault(Type(plain, 'S')), StringComparison.Ordinal);
        Assert.Contains("another volume", Fault(Type(plain, 'M')), StringComparison.Ordinal);
        byte[] sparse = Dotnet(TarEntryFormat.Pax, [("a.png", 3)], null, new() { ["GNU.sparse.major"] = "1" });
        Assert.Contains("is sparse", Fault(sparse), StringComparison.Ordinal);
        byte[] latin = [.. plain];
        latin[0] = 0xE9;
        Checksum(latin, 0);
        Assert.Contains("not UTF-8", Fault(latin), StringComparison.Ordinal);
        byte[] negative = [.. plain];
        negative.AsSpan(124, 12).Fill(0xFF);
        Checksum(negative, 0);
        Assert.Contains("no number", Fault(negative), StringComparison.Ordinal);
        byte[] huge = [.. plain];
        huge.AsSpan(124, 12).Clear();
        (huge[124], huge[128], huge[129]) = (0x80, 0x7F, 0xFF);
        Checksum(huge, 0);
        Assert.Contains("cut off", Fault(huge), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5 pa=")]
    [InlineData("999 path=a\n")]
    [InlineData("x path=a\n")]
    [InlineData("7 path\n")]
    [InlineData("-9 path=a\n")]
    [InlineData("10 size=x\n")]
    [InlineData("9999999999 size=1\n")]
    public void PAX_records_that_are_none_are_no_records(string text) => Assert.Null(PaxRecords.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void PAX_records_say_name_and_size_and_what_comes_last_counts()
    {
        Assert.Equal(new PaxRecords("b=c", 12, false), PaxRecords.Parse("9 path=a\n12 path=b=c\n11 size=12\n13 mtime=1.5\n"u8.ToArray()));
        Assert.Equal(new PaxRecords(null, null, false), PaxRecords.Parse("9 path=a\n8 path=\n"u8));
    }

    [Fact]
    public async Task Large_entries_are_skipped_and_small_ones_read_by_the_megabyte()
    {
        const long Size = 9L << 30;
        string path = Path.Combine(_folder, "large.tar");
        // The data are a hole of a sparse file.
        await using (FileStream file = File.Create(path))
        {
            byte[] large = Dotnet(TarEntryFormat.Gnu, [("large.png", 0)])[..512];
            large.AsSpan(124, 12).Clear();
            large[124] = 0x80;
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(large.AsSpan(128), Size);
            Checksum(large, 0);
            for (int i = 0; i < 3; i++)
            {
                file.Write(large);
                file.Position += Size;
            }
            file.Write(Dotnet(TarEntryFormat.Gnu, [.. Enumerable.Range(0, 1000).Select(i => ($"{i:D4}.png", 2000))]));
        }
        var store = new LocalBlobStore(_folder);
        BlobInfo blob = (await store.FindAsync("large.tar", None))!;
        var bytes = new TarBytes(new SourceFile(store, blob, path));
        List<TarMember> entries = [.. new TarHeaders(bytes).Entries(None)];
        Assert.Equal(1003, entries.Count);
        Assert.Equal((Size, 2 * (Size + 512) + 512), (entries[2].Size, entries[2].Offset));
        Assert.InRange(bytes.Reads, 4, 8);
    }

    private void CheckFound((string Name, int Size)[] files, byte[] archive)
    {
        List<TarMember> entries = Read(archive);
        Assert.Equal(files.Select(f => f.Name).Order(StringComparer.Ordinal), entries.Select(e => ImageName.Normal(e.Name)).Order(StringComparer.Ordinal));
        foreach (TarMember entry in entries)
        {
            string name = ImageName.Normal(entry.Name);
            Assert.True(entry.IsFile);
            Assert.Equal(Data(name, files.Single(f => f.Name == name).Size), archive[(int)entry.Offset..(int)(entry.Offset + entry.Size)]);
        }
    }

    private static List<TarMember> Read(byte[] archive)
    {
        var store = new MemoryBlobStore();
        WriteResult written = store.WriteAsync("t.tar", archive, WriteCondition.Absent, "a", None).GetAwaiter().GetResult();
        return [.. new TarHeaders(new TarBytes(new SourceFile(store, new BlobInfo("t.tar", archive.Length, written.ETag!), "t.tar"))).Entries(None)];
    }

    private static string Fault(byte[] archive) => Assert.Throws<SourceException>(() => Read(archive)).Message;

    private byte[] Gnu((string Name, int Size)[] files, string option, string what)
    {
        string target = Path.Combine(_folder, "gnu.tar");
        Run("tar", option, "-cf", target, "-C", Unpacked(files), what);
        return File.ReadAllBytes(target);
    }

    private static byte[] Dotnet(TarEntryFormat format, (string Name, int Size)[] files, TarEntry? first = null, Dictionary<string, string>? attributes = null)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            if (first is not null) writer.WriteEntry(first);
            foreach ((string name, int size) in files)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, name, attributes ?? []),
                };
                entry.DataStream = new MemoryStream(Data(name, size));
                writer.WriteEntry(entry);
            }
        }
        return stream.ToArray();
    }

    private string Unpacked((string Name, int Size)[] files)
    {
        string folder = Path.Combine(_folder, "files");
        foreach ((string name, int size) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Data(name, size));
        }
        return folder;
    }

    private static byte[] Type(byte[] archive, char type)
    {
        byte[] changed = [.. archive];
        changed[156] = (byte)type;
        Checksum(changed, 0);
        return changed;
    }

    private static void Checksum(byte[] archive, int at)
    {
        Span<byte> header = archive.AsSpan(at, 512);
        header.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte value in header) sum += value;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(header[148..]);
    }

    private static byte[] Data(string name, int size)
    {
        byte[] data = new byte[size];
        new Random(name.Length * 31 + name[0]).NextBytes(data);
        return data;
    }

    private static string? Found(string program) => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator).FirstOrDefault(folder => File.Exists(Path.Combine(folder, program)));

    private static void Run(string program, params string[] arguments)
    {
        Assert.SkipWhen(Found(program) is null, $"{program} is not installed");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }
}
