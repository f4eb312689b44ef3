using System.Text.Json;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Datasets;

/// <summary>Parses the text of one image.</summary>
internal static class ImageParser
{
    public static CocoImage Parse(ReadOnlySpan<byte> element)
    {
        var json = new Utf8JsonReader(element);
        long? id = null, height = null, width = null;
        string? fileName = null;
        var extra = new List<ExtraMember>();
        json.Read();
        while (json.NextMember())
        {
            if (json.ValueTextEquals("id"u8)) id = json.ReadLong("id");
            else if (json.ValueTextEquals("height"u8)) height = json.ReadLong("height");
            else if (json.ValueTextEquals("width"u8)) width = json.ReadLong("width");
            else if (json.ValueTextEquals("file_name"u8)) fileName = json.ReadOptionalText("file_name");
            else extra.Add(ExtraMembers.Read(ref json, element));
        }
        json.Read();
        return new CocoImage
        {
            Id = id ?? throw new JsonElementException(0, "an image without \"id\"", "a whole number"),
            FileName = fileName ?? "",
            Height = Side(height, "height", id),
            Width = Side(width, "width", id),
            Extra = extra,
        };
    }

    private static int Side(long? value, string member, long? id) => value is null or (>= 0 and <= int.MaxValue)
        ? (int)(value ?? 0)
        : throw new JsonElementException(0, $"image {id} with \"{member}\" {value}", "pixels, 0 to 2^31-1");
}
