using System.Diagnostics;
using System.Formats.Tar;

namespace MaskRcnn.Jobs.Benchmarks.NullModel;

/// <summary>The reference: one thread that reads every file and appends an entry of 1 KB to one archive. No commits, no second copy, no index.</summary>
internal static class PlainProgram
{
    public static double ImagesPerSecond(string images, int count, string archive)
    {
        long start = Stopwatch.GetTimestamp();
        using (var stream = new FileStream(archive, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            Span<byte> header = stackalloc byte[512];
            header.Clear();
            for (int i = 0; i < count; i++)
            {
                string name = SmallFiles.Name(i);
                byte[] data = File.ReadAllBytes(Path.Combine(images, name));
                System.Text.Encoding.ASCII.GetBytes(name, header);
                stream.Write(header);
                stream.Write(data);
            }
            stream.Flush(flushToDisk: true);
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        File.Delete(archive);
        return count / seconds;
    }

    /// <summary>How many files an archive has, by the framework's reader.</summary>
    public static int Entries(string archive)
    {
        using var reader = new TarReader(new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20));
        int count = 0;
        while (reader.GetNextEntry() is not null) count++;
        return count;
    }
}
