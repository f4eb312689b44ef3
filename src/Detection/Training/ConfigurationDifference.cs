using System.Text.Json;
using System.Text.Json.Nodes;
using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Detection.Training;

/// <summary>A setting that two configurations have with different values.</summary>
/// <param name="Path">The setting, as <c>--set</c> names it: <c>optimizer.learning_rate</c>.</param>
/// <param name="Before">Its value in the first, as JSON.</param>
/// <param name="Now">Its value in the second.</param>
public sealed record ConfigurationDifference(string Path, string Before, string Now)
{
    private const int LongestValue = 80;

    /// <summary>Every setting in which two configurations differ, in the configuration's order.</summary>
    public static IReadOnlyList<ConfigurationDifference> Between(TrainingConfiguration before, TrainingConfiguration now)
    {
        List<ConfigurationDifference> found = [];
        Compare("", JsonSerializer.SerializeToNode(before, ModelConfigurationJson.Options), JsonSerializer.SerializeToNode(now, ModelConfigurationJson.Options), found);
        return found;
    }

    /// <summary>One clause for people.</summary>
    public override string ToString() => $"{Path} is {Short(Before)} there and {Short(Now)} here";

    private static void Compare(string path, JsonNode? before, JsonNode? now, List<ConfigurationDifference> found)
    {
        if (before is not JsonObject first || now is not JsonObject second)
        {
            if (!JsonNode.DeepEquals(before, now))
                found.Add(new ConfigurationDifference(path, Text(before), Text(now)));
            return;
        }

        foreach (string name in first.Select(member => member.Key).Union(second.Select(member => member.Key)))
            Compare(path.Length == 0 ? name : $"{path}.{name}", first[name], second[name], found);
    }

    private static string Text(JsonNode? node) => node?.ToJsonString(ModelConfigurationJson.Options) ?? "null";

    private static string Short(string text) => text.Length <= LongestValue ? text : text[..(LongestValue - 1)] + "…";
}
