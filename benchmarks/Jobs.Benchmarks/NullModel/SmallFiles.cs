using System.Globalization;

namespace MaskRcnn.Jobs.Benchmarks.NullModel;

/// <summary>Many files of 1 KB, 1 000 a folder; made once and used again.</summary>
internal static class SmallFiles
{
    public const int Bytes = 1024;

    private const int PerFolder = 1000;

    public static string Make(string data, int count)
    {
        string folder = Path.Combine(data, string.Create(CultureInfo.InvariantCulture, $"images-{count}")), complete = folder + ".complete";
        if (File.Exists(complete)) return folder;
        Console.WriteLine($"making {count} files in {folder}");
        byte[] bytes = new byte[Bytes];
        var random = new Random(17);
        for (int i = 0; i < count; i++)
        {
            string file = Path.Combine(folder, Name(i));
            if (i % PerFolder == 0) Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            random.NextBytes(bytes);
            File.WriteAllBytes(file, bytes);
        }
        File.WriteAllText(complete, "");
        return folder;
    }

    public static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"{index / PerFolder:D4}/{index:D7}.png");
}
