using System.Globalization;

namespace MaskRcnn.Client.CommandLine;

/// <summary>Amounts of memory as people write them: <c>500MB</c>, <c>4GB</c>, <c>1.5TB</c>, to base 1000; a number alone is bytes.</summary>
internal static class SizeText
{
    private static readonly (string Unit, double Bytes)[] Units = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("K", 1e3), ("", 1)];

    /// <summary>The bytes of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="option">Whose value it is, for the error.</param>
    /// <exception cref="CommandException">It is no amount of at least a byte.</exception>
    public static long Bytes(string text, string option)
    {
        (string unit, double bytes) = Units.First(one => text.EndsWith(one.Unit, StringComparison.OrdinalIgnoreCase));
        if (double.TryParse(text.AsSpan(0, text.Length - unit.Length).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * bytes is >= 1 and < 1e18)
            return (long)(number * bytes);
        throw CommandException.Usage($"{option} is '{text}'; expected an amount such as 500MB or 4GB.");
    }
}
