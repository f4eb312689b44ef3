using System.Globalization;

namespace MaskRcnn.Chaos.Evidence;

/// <summary>Which process has given which image to its model, and when.</summary>
internal static class InferenceLog
{
    public static IReadOnlyList<(DateTimeOffset At, int Process, long Image)> Read(string folder) =>
    [
        .. from file in Directory.EnumerateFiles(folder, "*.log")
           let process = int.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture)
           from line in File.ReadAllLines(file)
           // A process that was killed may have left half a line.
           where line.Length > 0 && line.Contains(' ', StringComparison.Ordinal)
           let words = line.Split(' ')
           orderby words[0]
           select (DateTimeOffset.Parse(words[0], CultureInfo.InvariantCulture), process, long.Parse(words[1], CultureInfo.InvariantCulture)),
    ];
}
