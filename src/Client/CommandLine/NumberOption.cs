using System.CommandLine;
using System.Globalization;

namespace MaskRcnn.Client.CommandLine;

/// <summary>Options whose value is one number within limits.</summary>
internal static class NumberOption
{
    /// <summary>A whole number.</summary>
    public static Option<long?> Whole(string name, string description, long least, long most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most) return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {text} is not possible; expected a whole number from {least} to {most}."));
            return null;
        },
    };

    /// <summary>A number with a point.</summary>
    public static Option<double?> Real(string name, string description, double least, double most)
    {
        Option<double?> option = ListOption.Double(name, description, "X");
        option.Validators.Add(result =>
        {
            // A text that is no number has its error already.
            if (result.Tokens.Count == 1 && ListOption.TryParseDouble(result.Tokens[0].Value, out double value) && (value < least || value > most))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {value} is not possible; expected a number from {least} to {most}."));
        });
        return option;
    }
}
