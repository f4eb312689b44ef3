namespace MaskRcnn.Detection.Weights;

/// <summary>Text with names from files, made safe to print.</summary>
internal static class WeightText
{
    private const int Longest = 4000;

    /// <summary>Without control characters, which could steer a terminal, and not endless.</summary>
    public static string Printable(string text)
    {
        if (text.Length > Longest) text = text[..Longest] + "…";
        return text.Any(IsControl) ? string.Concat(text.Select(c => IsControl(c) ? '?' : c)) : text;
    }

    private static bool IsControl(char c) => char.IsControl(c) && c != '\n';
}
