using System.Text.Json;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Formats.Panoptic;

/// <summary>Parses the text of one panoptic annotation.</summary>
internal static class PanopticParser
{
    private const uint MaxId = (1 << 24) - 1;

    /// <exception cref="JsonElementException">A member is missing or has the wrong type.</exception>
    public static PanopticAnnotation Parse(ReadOnlySpan<byte> element)
    {
        var json = new Utf8JsonReader(element);
        long? imageId = null;
        string? fileName = null;
        List<PanopticSegment>? segments = null;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("image_id"u8)) imageId = json.ReadLong("image_id");
            else if (json.ValueTextEquals("file_name"u8)) fileName = json.ReadOptionalText("file_name");
            else if (json.ValueTextEquals("segments_info"u8)) segments = ReadSegments(ref json);
            else json.SkipValue();
        }
        json.Read();
        return new PanopticAnnotation(
            imageId ?? throw Missing("image_id", "the id of an image"),
            fileName ?? throw Missing("file_name", "the name of a PNG"),
            segments ?? throw Missing("segments_info", "a list of segments"));
    }

    private static List<PanopticSegment> ReadSegments(ref Utf8JsonReader json)
    {
        var segments = new List<PanopticSegment>();
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray) throw json.Unexpected("segments_info", "a list of segments");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject) throw json.Unexpected("segments_info", "a list of segments");
            segments.Add(ReadSegment(ref json));
        }
        return segments;
    }

    private static PanopticSegment ReadSegment(ref Utf8JsonReader json)
    {
        long? id = null, categoryId = null;
        bool isCrowd = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8))
            {
                id = json.ReadLong("id");
                if (id is < 1 or > MaxId) throw json.Unexpected("id", "a colour's number, 1 to 2^24-1");
            }
            else if (json.ValueTextEquals("category_id"u8))
            {
                categoryId = json.ReadLong("category_id");
            }
            else if (json.ValueTextEquals("iscrowd"u8))
            {
                isCrowd = json.ReadLong("iscrowd") != 0;
            }
            else
            {
                json.SkipValue();
            }
        }
        return new PanopticSegment(
            (uint)(id ?? throw Missing("id", "a segment's colour")), categoryId ?? throw Missing("category_id", "the id of a category"), isCrowd);
    }

    private static JsonElementException Missing(string member, string expected) => new(0, $"no \"{member}\"", expected);
}
