using System.Text.Json;
using System.Text.Json.Nodes;

namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>A member's JSON in one spelling, so that white space makes no difference.</summary>
internal static class JsonText
{
    public static string? Of(IEnumerable<ExtraMember> members, string name) =>
        members.FirstOrDefault(m => m.Name == name) is { } member ? Of(member) : null;

    public static string Of(ExtraMember member) => JsonSerializer.Serialize(JsonNode.Parse(member.Json.Span));
}
