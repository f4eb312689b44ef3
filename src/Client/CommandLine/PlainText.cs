using Spectre.Console;

namespace MaskRcnn.Client.CommandLine;

/// <summary>Text from files, made safe to print.</summary>
internal static class PlainText
{
    private const int LongestInTable = 40;

    /// <summary>Text without control characters, which could steer a terminal.</summary>
    public static string WithoutControls(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>A table cell: without control characters, which could steer a terminal, and not too long for a row.</summary>
    public static string InTable(string text)
    {
        string printable = WithoutControls(text);
        return Markup.Escape(printable.Length <= LongestInTable ? printable : printable[..(LongestInTable - 1)] + "…");
    }
}
