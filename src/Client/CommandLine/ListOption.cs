using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MaskRcnn.Client.CommandLine;

/// <summary>Options whose value is a list, separated by commas or given several times.</summary>
internal static class ListOption
{
    /// <summary>One number, with a point: 0,5 is a mistake and not 5.</summary>
    public static Option<double?> Double(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (TryParseDouble(text, out double value)) return value;
            result.AddError($"{name}: '{text}' is not a number; expected one such as 0.5.");
            return null;
        },
    };

    public static Option<double[]?> Doubles(string name, string description) => Create(name, description, "a number", (string text, out double value) => TryParseDouble(text, out value));

    /// <summary>A finite number in the invariant notation.</summary>
    public static bool TryParseDouble(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    public static Option<long[]?> Longs(string name, string description) => Create(name, description, "a whole number", (string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    public static Option<int[]?> Ints(string name, string description) => Create(name, description, "a whole number", (string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    public delegate bool ItemParser<T>(string text, out T value);

    public static Option<T[]?> Create<T>(string name, string description, string expected, ItemParser<T> parse) => new(name)
    {
        Description = description,
        HelpName = "LIST",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => Parse(name, result, expected, parse),
    };

    private static T[]? Parse<T>(string name, ArgumentResult result, string expected, ItemParser<T> parse)
    {
        var items = new List<T>();
        bool isWrong = false;
        foreach (string text in result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (parse(text, out T item))
            {
                items.Add(item);
                continue;
            }
            isWrong = true;
            result.AddError($"{name}: '{text}' is not {expected}.");
        }
        if (items.Count == 0 && !isWrong) result.AddError($"{name}: the list is empty; expected {expected}.");
        return [.. items];
    }
}
