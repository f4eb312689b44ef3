using System.Globalization;

namespace MaskRcnn.Grains.Sources;

/// <summary>A manifest, COCO file or archive is not what it should be. Trying again does not help.</summary>
public sealed class SourceException : ArgumentException
{
    private const int MostShown = 200;

    /// <summary>Something wrong with a file.</summary>
    /// <param name="file">The file, without secrets.</param>
    /// <param name="reason">What was found, what was expected, what to do.</param>
    public SourceException(string file, string reason)
        : base($"{file}: {reason}") => File = file;

    /// <summary>Something wrong at a line.</summary>
    /// <param name="file">The file, without secrets.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="reason">What was found, what was expected, what to do.</param>
    public SourceException(string file, long line, string reason)
        : base(string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}: {reason}")) => File = file;

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>A text from outside, short enough for a message.</summary>
    internal static string Shown(string text) => text.Length <= MostShown ? $"'{text}'" : $"'{text[..MostShown]}…'";
}
