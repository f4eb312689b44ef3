using System.Text.Json;
using System.Text.Json.Nodes;

namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>Joins the <c>licenses</c> of data sets, which number them each for itself.</summary>
internal sealed class LicenseMerge
{
    public const string Member = "licenses";

    private const string ImageMember = "license";

    private readonly List<JsonObject> _merged = [];
    private readonly Dictionary<string, long> _ids = [];

    /// <summary>Adds a file's licenses.</summary>
    /// <returns>Gives an image of the file its license's new id.</returns>
    public Func<CocoImage, CocoImage> Add(IReadOnlyList<ExtraMember> members)
    {
        var ids = new Dictionary<long, long>();
        if (members.FirstOrDefault(m => m.Name == Member) is { } member && JsonNode.Parse(member.Json.Span) is JsonArray licenses)
        {
            foreach (JsonObject license in licenses.OfType<JsonObject>())
            {
                string identity = $"{license["name"]?.ToJsonString()} {license["url"]?.ToJsonString()}";
                if (!_ids.TryGetValue(identity, out long id))
                {
                    _ids.Add(identity, id = _ids.Count + 1);
                    var added = (JsonObject)license.DeepClone();
                    added["id"] = id;
                    _merged.Add(added);
                }
                if (license["id"] is JsonValue old && old.TryGetValue(out long oldId)) ids[oldId] = id;
            }
        }
        return image => image with { Extra = [.. image.Extra.Select(m => m.Name == ImageMember ? Renumber(m, ids) : m)] };
    }

    public IEnumerable<ExtraMember> ToMembers() => _merged.Count == 0
        ? []
        : [new ExtraMember(Member, JsonSerializer.SerializeToUtf8Bytes(new JsonArray([.. _merged])))];

    private static ExtraMember Renumber(ExtraMember member, Dictionary<long, long> ids) =>
        JsonNode.Parse(member.Json.Span) is JsonValue value && value.TryGetValue(out long id) && ids.TryGetValue(id, out long mapped)
            ? member with { Json = JsonSerializer.SerializeToUtf8Bytes(mapped) }
            : member;
}
