using System.Collections;
using System.Globalization;
using System.Reflection;

namespace MaskRcnn.Silo.Settings;

/// <summary>Settings as a command line, for the processes that a supervisor starts.</summary>
public static class SettingsArguments
{
    /// <summary>The command line that says the same; file and environment are not read then.</summary>
    /// <param name="settings">The settings, without secrets.</param>
    /// <exception cref="ArgumentException">There is a secret, which does not belong on a command line.</exception>
    public static IReadOnlyList<string> Of(SiloSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        List<string> arguments = [SettingsSources.FileArgument, SettingsSources.CommandLineAlone];
        Add(arguments, "", settings, new SiloSettings());
        return arguments;
    }

    private static void Add(List<string> arguments, string section, object settings, object defaults)
    {
        foreach (PropertyInfo property in SettingsReader.Keys(settings.GetType()))
        {
            string key = SettingsReader.Path(section, property);
            object? value = property.GetValue(settings), usual = property.GetValue(defaults);
            if (value is Secret) throw new ArgumentException($"{key} is a secret; expected it in the environment or in a file, as everybody on the machine can read a command line.", nameof(settings));
            if (value is IEnumerable list and not string)
            {
                string text = string.Join(',', list.Cast<string>());
                if (text != string.Join(',', (IEnumerable<string>)usual!)) arguments.AddRange("--" + key, text);
            }
            else if (SettingsReader.IsSection(property.PropertyType)) Add(arguments, key, value!, usual!);
            else if (!Equals(value, usual)) arguments.AddRange("--" + key, Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }
    }
}
