using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace MaskRcnn.Detection.Configuration;

/// <summary>Finds members of a JSON document that its type does not have, and lists with nothing in a place.</summary>
internal static class UnknownSettings
{
    /// <param name="json">The document.</param>
    /// <param name="type">What it should be.</param>
    /// <param name="path">Where it is in the whole, with a point at its end.</param>
    /// <param name="found">Gets the problems.</param>
    /// <exception cref="ModelConfigurationException">A list has null in it.</exception>
    public static void Find(JsonObject json, JsonTypeInfo type, string path, List<string> found)
    {
        foreach ((string name, JsonNode? value) in json)
        {
            if (type.Properties.FirstOrDefault(p => p.Name == name) is { } property) FindIn(value, type.Options.GetTypeInfo(property.PropertyType), $"{path}{name}", found);
            else found.Add($"{path}{name} is no setting; expected one of {string.Join(", ", type.Properties.Select(p => p.Name))}");
        }
    }

    private static void FindIn(JsonNode? value, JsonTypeInfo type, string path, List<string> found)
    {
        if (value is JsonObject inner && type.Kind == JsonTypeInfoKind.Object) Find(inner, type, path + ".", found);
        if (value is not JsonArray items || type.Kind != JsonTypeInfoKind.Enumerable || type.ElementType is null) return;
        for (int i = 0; i < items.Count; i++)
        {
            // The serialiser knows no null in a property, but lets one into a list.
            if (items[i] is null) throw new ModelConfigurationException([.. found, $"{path}[{i}] is null; expected a value"]);
            FindIn(items[i], type.Options.GetTypeInfo(type.ElementType), $"{path}[{i}]", found);
        }
    }
}
