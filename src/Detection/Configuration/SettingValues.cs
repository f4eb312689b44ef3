using System.Text.Json;
using System.Text.Json.Nodes;

namespace MaskRcnn.Detection.Configuration;

/// <summary>Settings as a command line has them, <c>path=value</c>, in a configuration's JSON.</summary>
internal static class SettingValues
{
    /// <summary>Changes settings.</summary>
    /// <param name="json">The configuration.</param>
    /// <param name="settings">Each <c>path=value</c>; the value is JSON, or text as it is.</param>
    /// <param name="example">One that could be, for messages.</param>
    /// <exception cref="ModelConfigurationException">One has no such form, or leads below a setting that has no parts.</exception>
    public static void Apply(JsonObject json, IEnumerable<string> settings, string example)
    {
        foreach (string setting in settings)
        {
            string[] pair = setting.Split('=', 2);
            if (pair.Length != 2 || pair[0].Length == 0)
                throw new ModelConfigurationException([$"'{setting}' is no setting; expected path=value, such as {example}"]);
            string[] path = pair[0].Split('.');
            JsonObject owner = json;
            foreach (string part in path[..^1])
            {
                // What is null by default, such as a branch, may be set as a whole or by its parts.
                if (owner[part] is null)
                    owner[part] = new JsonObject();
                owner = owner[part] as JsonObject ?? throw new ModelConfigurationException([$"{pair[0]} is no setting: {part} has no parts"]);
            }

            owner[path[^1]] = Value(pair[1]);
        }
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
