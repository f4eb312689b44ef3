using System.Globalization;

namespace MaskRcnn.Detection.Configuration;

/// <summary>Collects what is wrong with settings.</summary>
internal sealed class RuleList
{
    private const int MostItems = 1000;

    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public void Range(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most)) _problems.Add(Text($"{name} is {value}; expected {least} to {most}"));
    }

    public void Whole(string name, int value, int least, int most)
    {
        if (value < least || value > most) _problems.Add(Text($"{name} is {value}; expected {least} to {most}"));
    }

    /// <summary>A list of a fixed length, each item in a range.</summary>
    public void List(string name, IReadOnlyList<int> values, int length, int least, int most)
    {
        Require(values.Count == length, Text($"{name} has {values.Count} numbers; expected {length}"));
        Items(name, values, least, most);
    }

    public void Items(string name, IReadOnlyList<int> values, int least, int most)
    {
        for (int i = 0; i < Math.Min(values.Count, MostItems); i++) Whole($"{name}[{i}]", values[i], least, most);
        Require(values.Count <= MostItems, Text($"{name} has {values.Count} numbers; expected at most {MostItems}"));
    }

    public void Items(string name, IReadOnlyList<float> values, double least, double most)
    {
        for (int i = 0; i < Math.Min(values.Count, MostItems); i++) Range($"{name}[{i}]", values[i], least, most);
        Require(values.Count <= MostItems, Text($"{name} has {values.Count} numbers; expected at most {MostItems}"));
    }

    public void Require(bool holds, string problem)
    {
        if (!holds) _problems.Add(problem);
    }

    public void Defined<T>(string name, T value) where T : struct, Enum => Require(Enum.IsDefined(value), $"{name} is {value}; expected one of {string.Join(", ", Enum.GetNames<T>())}");

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
