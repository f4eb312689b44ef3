using System.Text;
using System.Text.Json;

namespace MaskRcnn.Coco.Json;

/// <summary>Typed reads that name the member, what it holds and what was expected.</summary>
internal static class JsonReading
{
    /// <summary>Moves to the member's value and reads a whole number.</summary>
    public static long ReadLong(this ref Utf8JsonReader json, string member)
    {
        json.Read();
        return json.Long(member);
    }

    /// <summary>Moves to the member's value and reads a finite number.</summary>
    public static double ReadFinite(this ref Utf8JsonReader json, string member)
    {
        json.Read();
        return json.Finite(member);
    }

    /// <summary>Moves to the member's value and reads a string, or null.</summary>
    public static string? ReadOptionalText(this ref Utf8JsonReader json, string member)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => json.GetString(),
            _ => throw json.Unexpected(member, "a string"),
        };
    }

    public static long Long(this ref Utf8JsonReader json, string member)
    {
        if (json.TokenType == JsonTokenType.Number && JsonNumber.TryParseLong(json.ValueSpan, out long value)) return value;
        throw json.Unexpected(member, "a whole number");
    }

    public static double Finite(this ref Utf8JsonReader json, string member)
    {
        if (json.TokenType != JsonTokenType.Number) throw json.Unexpected(member, "a number");
        double value = JsonNumber.Parse(json.ValueSpan);
        return double.IsFinite(value) ? value : throw json.Unexpected(member, "a finite number");
    }

    /// <summary>Appends the numbers of the array that the reader stands on.</summary>
    public static void ReadNumbers(this ref Utf8JsonReader json, string member, List<double> numbers)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw json.Unexpected(member, "a list of numbers");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) numbers.Add(json.Finite(member));
    }

    /// <summary>Passes over the member's value.</summary>
    public static void SkipValue(this ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    public static JsonElementException Unexpected(this ref Utf8JsonReader json, string member, string expected)
    {
        string found = json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.EndObject or JsonTokenType.EndArray => "nothing",
            JsonTokenType.String => $"\"{Shorten(json.ValueSpan)}\"",
            _ => Shorten(json.ValueSpan),
        };
        return new JsonElementException(json.TokenStartIndex, $"\"{member}\" is {found}", expected);
    }

    private static string Shorten(ReadOnlySpan<byte> text) =>
        text.Length <= 40 ? Encoding.UTF8.GetString(text) : Encoding.UTF8.GetString(text[..40]) + "…";
}
