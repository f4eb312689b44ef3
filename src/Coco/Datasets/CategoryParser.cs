using System.Text.Json;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Datasets;

/// <summary>Parses the text of one category.</summary>
internal static class CategoryParser
{
    public static CocoCategory Parse(ReadOnlySpan<byte> element)
    {
        var json = new Utf8JsonReader(element);
        long? id = null;
        string? name = null, supercategory = null;
        var extra = new List<ExtraMember>();
        json.Read();
        while (json.NextMember())
        {
            if (json.ValueTextEquals("id"u8)) id = json.ReadLong("id");
            else if (json.ValueTextEquals("name"u8)) name = json.ReadOptionalText("name");
            else if (json.ValueTextEquals("supercategory"u8)) supercategory = json.ReadOptionalText("supercategory");
            else extra.Add(ExtraMembers.Read(ref json, element));
        }
        json.Read();
        return new CocoCategory
        {
            Id = id ?? throw new JsonElementException(0, "a category without \"id\"", "a whole number"),
            Name = name ?? $"category {id}",
            Supercategory = supercategory,
            Extra = extra,
        };
    }
}
