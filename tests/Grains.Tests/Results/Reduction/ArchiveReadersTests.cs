using System.Diagnostics;
using System.Formats.Tar;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class ArchiveReadersTests
{
    private static readonly TestImage[] Images = TestImage.Random(40, 7, annotated: false);

    private static IEnumerable<string> Expected => Images.Where(i => i.IsDone).Select(i => i.Name + ".json");

    [Fact]
    public void TarReader_reads_every_entry()
    {
        using var tar = new TarReader(new MemoryStream(Archive()));
        var names = new List<string>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            names.Add(entry.Name);
            Assert.Equal(DateTimeOffset.UnixEpoch, entry.ModificationTime);
            Assert.StartsWith("{\"image\":", new StreamReader(entry.DataStream!).ReadToEnd(), StringComparison.Ordinal);
        }
        Assert.Equal(Expected, names);
    }

    [Fact]
    public void Pythons_tarfile_reads_every_entry() =>
        Read("python3", "-c", "import sys,tarfile; [print(m.name) for m in tarfile.open(sys.argv[1]) if m.isfile()]");

    [Fact]
    public void GNU_tar_reads_every_entry() => Read("tar", "--quoting-style=literal", "-tf");

    private static void Read(string program, params string[] arguments)
    {
        string? found = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator).FirstOrDefault(folder => File.Exists(Path.Combine(folder, program)));
        Assert.SkipWhen(found is null, $"{program} is not installed");
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, Archive());
            var start = new ProcessStartInfo(program, [.. arguments, file]) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = System.Text.Encoding.UTF8 };
            start.Environment["LC_ALL"] = "C.UTF-8";
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            Assert.Equal("", process.StandardError.ReadToEnd());
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            Assert.Equal(Expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] Archive()
    {
        var job = new TestJob(Images, [7, 20, 13], annotated: false);
        job.Reduce();
        return job.Result("masks.tar");
    }
}
