using System.Globalization;

namespace MaskRcnn.Client.CommandLine;

/// <summary>Lengths of time as people write them: <c>90s</c>, <c>15m</c>, <c>8h</c>, <c>7d</c>; a number alone is seconds.</summary>
internal static class DurationText
{
    private static readonly Dictionary<char, double> Units = new() { ['s'] = 1, ['m'] = 60, ['h'] = 3600, ['d'] = 86_400 };

    /// <summary>The seconds of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="option">Whose value it is, for the error.</param>
    /// <exception cref="CommandException">It is no length of time above 0.</exception>
    public static double Seconds(string text, string option)
    {
        bool hasUnit = text.Length > 0 && Units.ContainsKey(text[^1]);
        if (double.TryParse(hasUnit ? text.AsSpan(0, text.Length - 1) : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0)
            return number * (hasUnit ? Units[text[^1]] : 1);
        throw CommandException.Usage($"{option} is '{text}'; expected a length of time above 0, such as 90s, 15m, 8h or 7d.");
    }
}
