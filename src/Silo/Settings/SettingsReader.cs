using System.Globalization;
using System.Reflection;
using MaskRcnn.Grains;
using Microsoft.Extensions.Configuration;

namespace MaskRcnn.Silo.Settings;

/// <summary>
/// Binds a configuration to records, by the names of their properties: a record is a section. Unlike the framework's binder it
/// finds every mistake and not the first one, takes a list from one source alone, and knows what is secret.
/// </summary>
internal sealed class SettingsReader(IConfigurationRoot configuration)
{
    private readonly List<SettingsMistake> _mistakes = [];

    /// <summary>What is no key, or no value of its key's type.</summary>
    public IReadOnlyList<SettingsMistake> Mistakes => _mistakes;

    /// <summary>The settings; a key with a mistake has its default.</summary>
    public T Read<T>() where T : class => (T)Read(typeof(T), "");

    private object Read(Type record, string section)
    {
        object result = Activator.CreateInstance(record)!;
        PropertyInfo[] properties = Keys(record);
        IConfiguration node = section.Length == 0 ? configuration : configuration.GetSection(section);
        foreach (IConfigurationSection child in node.GetChildren())
        {
            PropertyInfo? property = Array.Find(properties, p => string.Equals(p.Name, child.Key, StringComparison.OrdinalIgnoreCase));
            // Nobody knows whether the value of an unknown key is a secret.
            if (property is null) _mistakes.Add(new SettingsMistake(child.Path, Secret.Hidden, $"another key; here there are {string.Join(", ", properties.Select(p => p.Name))}"));
            else if (Value(property, Path(section, property)) is { } value) property.SetValue(result, value);
        }
        return result;
    }

    private object? Value(PropertyInfo property, string key)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (IsSection(type))
        {
            if (configuration[key] is { Length: > 0 }) _mistakes.Add(new SettingsMistake(key, Secret.Hidden, $"a section; its keys are {string.Join(", ", Keys(type).Select(p => $"{key}:{p.Name}"))}"));
            return Read(type, key);
        }
        if (type == typeof(IReadOnlyList<string>)) return List(key);
        foreach (IConfigurationSection child in configuration.GetSection(key).GetChildren()) _mistakes.Add(new SettingsMistake(child.Path, Secret.Hidden, $"no key below {key}, which is one value"));
        // Empty is not given: so a deployment can name an optional setting always.
        if (configuration[key] is not { Length: > 0 } text) return null;
        object? value = Parse(type, text);
        if (value is null) _mistakes.Add(new SettingsMistake(key, text, type == typeof(bool) ? "'true' or 'false'" : type == typeof(int) || type == typeof(long) ? "a whole number" : "a number"));
        return value;
    }

    /// <summary>From the last source that has the list: as text with commas, or as elements.</summary>
    private string[]? List(string key)
    {
        foreach (IConfigurationProvider provider in configuration.Providers.Reverse())
        {
            if (provider.TryGet(key, out string? text) && text is { Length: > 0 }) return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            string[] elements = [.. provider.GetChildKeys([], key).Distinct(StringComparer.OrdinalIgnoreCase)];
            if (elements.Length == 0) continue;
            List<string> values = [];
            foreach (string element in elements.OrderBy(e => int.TryParse(e, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : int.MaxValue))
            {
                if (provider.TryGet($"{key}:{element}", out string? value) && value is { Length: > 0 } && int.TryParse(element, NumberStyles.None, CultureInfo.InvariantCulture, out _)) values.Add(value);
                else _mistakes.Add(new SettingsMistake($"{key}:{element}", Secret.Hidden, $"{key}:0, {key}:1, …, each with a value"));
            }
            return [.. values];
        }
        return null;
    }

    private static object? Parse(Type type, string text) => type switch
    {
        _ when type == typeof(string) => text,
        _ when type == typeof(Secret) => new Secret(text),
        _ when type == typeof(bool) => bool.TryParse(text, out bool value) ? value : null,
        _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null,
        _ when type == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null,
        _ when type == typeof(double) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null,
        _ => throw new NotSupportedException($"A setting is a {type}; expected a type that {nameof(SettingsReader)} knows."),
    };

    /// <summary>The settings of a record.</summary>
    internal static PropertyInfo[] Keys(Type record) => [.. record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];

    /// <summary>Whether a property of this type is a section.</summary>
    internal static bool IsSection(Type type) => (type.Namespace == typeof(SiloSettings).Namespace && type != typeof(Secret)) || type == typeof(Limits);

    /// <summary>The key of a property.</summary>
    internal static string Path(string section, PropertyInfo property) => section.Length == 0 ? property.Name : $"{section}:{property.Name}";
}
