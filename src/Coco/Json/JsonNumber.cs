using System.Buffers.Text;
using System.Globalization;

namespace MaskRcnn.Coco.Json;

/// <summary>Decimal text to double, correctly rounded; fast for the short numbers that COCO files hold.</summary>
internal static class JsonNumber
{
    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Parses a JSON number, already known to be one.</summary>
    /// <returns>The nearest double, which may be infinite for huge numbers.</returns>
    public static double Parse(ReadOnlySpan<byte> text)
    {
        // A mantissa below 2^53 and a power of ten up to 22 are both exact in double, so one division or
        // multiplication rounds correctly (Clinger 1990). Everything else goes the long way.
        int i = 0;
        bool negative = text.Length > 0 && text[0] == '-';
        if (negative) i++;
        ulong mantissa = 0;
        int digits = 0;
        int fraction = 0;
        bool inFraction = false;
        for (; i < text.Length; i++)
        {
            uint digit = text[i] - (uint)'0';
            if (digit <= 9)
            {
                mantissa = 10 * mantissa + digit;
                if (++digits > 18) return ParseSlow(text);
                if (inFraction) fraction++;
            }
            else if (text[i] == '.' && !inFraction)
            {
                inFraction = true;
            }
            else
            {
                return ParseSlow(text);
            }
        }
        if (mantissa > 1UL << 53 || fraction > 22) return ParseSlow(text);
        double value = (long)mantissa / PowersOfTen[fraction];
        return negative ? -value : value;
    }

    private static double ParseSlow(ReadOnlySpan<byte> text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Parses a whole number; accepts also whole numbers written as 12.0 or 1e3, as other tools write ids.</summary>
    public static bool TryParseLong(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length) return true;
        double number = Parse(text);
        value = (long)number;
        return Math.Abs(number) < 1L << 53 && value == number;
    }
}
