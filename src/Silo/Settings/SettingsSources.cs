using System.Collections;
using Microsoft.Extensions.Configuration;

namespace MaskRcnn.Silo.Settings;

/// <summary>
/// Reads settings from, where later ones win: <c>appsettings.json</c> of the working folder, or the file of <c>--settings</c>; the environment
/// (<c>MASKRCNN_Redis__Endpoints</c>); the command line (<c>--Redis:Endpoints redis:6379</c>). With <c>--settings none</c> the command line is all there is.
/// </summary>
public static class SettingsSources
{
    /// <summary>What variables of the environment begin with.</summary>
    public const string Prefix = "MASKRCNN_";

    /// <summary>The argument that names the settings file.</summary>
    public const string FileArgument = "--settings";

    /// <summary>Value of <see cref="FileArgument"/>: no file and no environment.</summary>
    public const string CommandLineAlone = "none";

    private const string DefaultFile = "appsettings.json";

    /// <summary>Reads and checks them.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">The environment; null: the process's own.</param>
    /// <param name="folder">Where <c>appsettings.json</c> is looked for; null: the working folder.</param>
    /// <exception cref="SettingsException">They cannot be; every mistake is named.</exception>
    public static SiloSettings Read(IReadOnlyList<string> arguments, IDictionary? environment = null, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        List<SettingsMistake> mistakes = [];
        (Dictionary<string, string?> given, string? file) = CommandLine(arguments, mistakes);
        var builder = new ConfigurationBuilder();
        if (file != CommandLineAlone)
        {
            AddFile(builder, file, folder ?? Directory.GetCurrentDirectory(), mistakes);
            builder.AddInMemoryCollection(FromEnvironment(environment ?? Environment.GetEnvironmentVariables()));
        }
        var reader = new SettingsReader((IConfigurationRoot)builder.AddInMemoryCollection(given).Build());
        SiloSettings settings = reader.Read<SiloSettings>();
        mistakes.AddRange(reader.Mistakes);
        // What was not understood has its default, on which nothing need be said.
        var wrong = mistakes.Select(mistake => mistake.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        mistakes.AddRange(SettingsRules.Mistakes(settings).Where(mistake => !wrong.Contains(mistake.Key)));
        return mistakes.Count == 0 ? settings : throw new SettingsException(mistakes);
    }

    private static (Dictionary<string, string?> Values, string? File) CommandLine(IReadOnlyList<string> arguments, List<SettingsMistake> mistakes)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        string? file = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? argument : argument[..equals];
            string? value = equals >= 0 ? argument[(equals + 1)..] : i + 1 < arguments.Count ? arguments[++i] : null;
            string key = name.StartsWith("--", StringComparison.Ordinal) ? name[2..] : "";
            if (key.Length == 0) mistakes.Add(new SettingsMistake("The command line", name, "--Section:Key value, or --Section:Key=value"));
            else if (value is null) mistakes.Add(new SettingsMistake(key, null, "a value after it"));
            else if (name == FileArgument) file = value;
            else if (IsSecret(key)) mistakes.Add(new SettingsMistake(key, Secret.Hidden, $"to stand in the environment ({Prefix}{key.Replace(":", "__", StringComparison.Ordinal)}) or in a file: everybody on the machine can read a command line"));
            else values[key] = value;
        }
        return (values, file);
    }

    private static void AddFile(ConfigurationBuilder builder, string? file, string folder, List<SettingsMistake> mistakes)
    {
        string path = Path.GetFullPath(file ?? DefaultFile, folder);
        if (!File.Exists(path))
        {
            if (file is not null) mistakes.Add(new SettingsMistake(FileArgument, file, "a JSON file that is there"));
            return;
        }
        try
        {
            // Built apart: a file that is no JSON is one mistake among others.
            IConfigurationRoot parsed = new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build();
            builder.AddConfiguration(parsed);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            mistakes.Add(new SettingsMistake(FileArgument, path, $"a JSON file of settings: {(exception.InnerException ?? exception).Message.TrimEnd('.')}"));
        }
    }

    /// <summary>The variables that are settings: <c>MASKRCNN_CLUSTER</c> and others are not, as they name no section.</summary>
    private static Dictionary<string, string?> FromEnvironment(IDictionary environment)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in environment)
        {
            string name = (string)variable.Key;
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) continue;
            string key = name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            bool isValue = SettingsReader.Keys(typeof(SiloSettings)).Any(p => !SettingsReader.IsSection(p.PropertyType) && string.Equals(p.Name, key, StringComparison.OrdinalIgnoreCase));
            if (isValue || key.Contains(':', StringComparison.Ordinal)) values[key] = (string?)variable.Value;
        }
        return values;
    }

    private static bool IsSecret(string key) => key.Split(':') is [var section, var name]
        && SettingsReader.Keys(typeof(SiloSettings)).FirstOrDefault(p => string.Equals(p.Name, section, StringComparison.OrdinalIgnoreCase)) is { } property
        && SettingsReader.Keys(property.PropertyType).Any(p => p.PropertyType == typeof(Secret) && string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
}
