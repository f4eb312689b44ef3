namespace MaskRcnn.Chaos;

/// <summary>The processes of this machine.</summary>
internal static class Processes
{
    /// <summary>Those whose command line has a text.</summary>
    public static IReadOnlyList<string> With(string text)
    {
        List<string> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(text, StringComparison.Ordinal)) found.Add(Path.GetFileName(folder));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return found;
    }
}
