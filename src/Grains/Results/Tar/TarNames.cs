namespace MaskRcnn.Grains.Results.Tar;

/// <summary>Which names an archive may hold.</summary>
internal static class TarNames
{
    /// <exception cref="ArgumentException">Unpacking would write outside of the folder it is unpacked into, or no file.</exception>
    public static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ReadOnlySpan<char> text = name;
        if (text[0] == '/') throw Refused(name, "an absolute path");
        if (text.Contains('\0')) throw Refused(name, "a character 0");
        foreach (Range part in text.Split('/'))
        {
            switch (text[part])
            {
                case "..":
                    throw Refused(name, "a '..'");
                case "" or ".":
                    throw Refused(name, "an empty part or a '.'");
            }
        }
    }

    private static ArgumentException Refused(string name, string what) =>
        new($"'{name.Replace("\0", "\\0", StringComparison.Ordinal)}' is {(what.StartsWith("an absolute", StringComparison.Ordinal) ? what : "a name with " + what)}; expected a relative path of a file, with '/' and without '.' and '..', for an archive.", nameof(name));
}
