using System.Text.Json;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>A line of <c>index.jsonl</c>.</summary>
/// <param name="Encoded">The image, without its bytes.</param>
/// <param name="Offset">Where its JSON begins in the part's <c>masks.tar</c>.</param>
/// <param name="Length">Bytes of that.</param>
/// <param name="ThumbnailOffset">Where its thumbnail begins in the part's <c>thumbnails.tar</c>.</param>
/// <param name="ThumbnailLength">Bytes of that; 0 for none.</param>
internal readonly record struct IndexEntry(EncodedImage Encoded, long Offset, int Length, long ThumbnailOffset, int ThumbnailLength)
{
    /// <summary>Writes the line, without its end.</summary>
    /// <param name="json">A fresh writer.</param>
    /// <param name="row">How the image fared; null when there is no ground truth of it.</param>
    public void Write(Utf8JsonWriter json, ImageRow? row)
    {
        json.WriteStartObject();
        json.WriteString("image"u8, Encoded.Image.Name);
        if (Encoded.Image.Id is { } id) json.WriteNumber("id"u8, id);
        if (Encoded.Error is null)
        {
            json.WriteNumber("width"u8, Encoded.Width);
            json.WriteNumber("height"u8, Encoded.Height);
            json.WriteNumber("offset"u8, Offset);
            json.WriteNumber("length"u8, Length);
            json.WriteNumber("instances"u8, Encoded.Instances);
            if (Encoded.BestScore is { } score) json.WriteNumber("bestScore"u8, score);
        }
        if (row is not null)
        {
            json.WriteNumber("matches"u8, row.Matches);
            json.WriteNumber("misses"u8, row.Misses);
            json.WriteNumber("falseAlarms"u8, row.FalseAlarms);
        }
        if (ThumbnailLength > 0)
        {
            json.WriteStartObject("thumbnail"u8);
            json.WriteNumber("offset"u8, ThumbnailOffset);
            json.WriteNumber("length"u8, ThumbnailLength);
            json.WriteEndObject();
        }
        if (Encoded.Error is { } error) json.WriteString("cause"u8, error.Cause);
        json.WriteEndObject();
    }
}
