using System.Text;
using System.Text.Json;

namespace MaskRcnn.Coco.Json;

/// <summary>Typed reads that name the member, what it holds and what was expected.</summary>
internal static class JsonReading
{
    // The reader passes over strings unread; it says only when one is asked for that it is no text.
    private const string ValidText = "valid UTF-8, without half surrogate pairs";

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
        if (json.TokenType == JsonTokenType.Null) return null;
        if (json.TokenType != JsonTokenType.String) throw json.Unexpected(member, "a string");
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            throw json.Unexpected(member, ValidText);
        }
    }

    /// <summary>Moves to the next member's name; false at the end of the object.</summary>
    public static bool NextMember(this ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.PropertyName) return false;
        // An escape may be half of a pair, and then comparing the name throws.
        if (json.ValueIsEscaped) json.Name();
        return true;
    }

    /// <summary>The member's name that the reader stands on.</summary>
    public static string Name(this ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonElementException(json.TokenStartIndex, $"a member named \"{Shorten(json.ValueSpan)}\"", ValidText);
        }
    }

    /// <summary>Copies the string that the reader stands on, without its escapes, as UTF-8.</summary>
    /// <returns>The bytes written; at most the length of the reader's value.</returns>
    public static int CopyText(this ref Utf8JsonReader json, string member, Span<byte> target)
    {
        try
        {
            return json.CopyString(target);
        }
        catch (InvalidOperationException)
        {
            throw json.Unexpected(member, ValidText);
        }
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
