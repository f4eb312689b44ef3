using System.Text.Json;
using System.Text.Json.Nodes;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Jobs;

/// <summary>Whether two submissions of one name ask for the same.</summary>
public static class SpecificationDifference
{
    /// <summary>What differs, but for the name and the secrets: a collection is the same by another SAS.</summary>
    /// <param name="there">The job's.</param>
    /// <param name="here">What is asked for now.</param>
    /// <returns>All parameters that differ: <c>shardSize: there 16, here 32</c>; null: none does.</returns>
    public static string? Of(JobSpecification there, JobSpecification here)
    {
        JsonObject a = Members(there), b = Members(here);
        string[] names = [.. a.Select(member => member.Key).Union(b.Select(member => member.Key))];
        string[] differences = [.. names.Where(name => !JsonNode.DeepEquals(a[name], b[name])).Select(name => $"{name}: there {Text(a[name])}, here {Text(b[name])}")];
        return differences.Length > 0 ? string.Join("; ", differences) : null;
    }

    // By way of JSON, so that no parameter that comes later can be forgotten.
    private static JsonObject Members(JobSpecification specification) =>
        JsonSerializer.SerializeToNode(specification.WithoutSecrets() with { Name = null }, DocumentJson.Options)!.AsObject();

    private static string Text(JsonNode? value) => value is null ? "not given" : value.ToJsonString(DocumentJson.Options);
}
