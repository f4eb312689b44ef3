using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>Makes the rows of parts, whose places are in the part's own archives, rows of the result.</summary>
internal sealed class IndexRow(ThumbnailPacks packs)
{
    /// <summary>How rows are written.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _row = new();
    private long _masks;
    private long _thumbnails;

    /// <summary>The row of an image that was given up.</summary>
    public static byte[] Failed(ImageError error, long? id, int? misses)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Plain))
        {
            json.WriteStartObject();
            json.WriteString("image", error.Image);
            if (id is { } known) json.WriteNumber("id", known);
            if (misses is { } missed)
            {
                json.WriteNumber("matches", 0);
                json.WriteNumber("misses", missed);
                json.WriteNumber("falseAlarms", 0);
            }
            json.WriteString("cause", error.Cause);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <summary>A row with places in the result; valid until the next.</summary>
    /// <exception cref="ReductionException">The row is not as expected.</exception>
    public ReadOnlyMemory<byte> Absolute(Leaf leaf, ReadOnlyMemory<byte> line, out string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            name = document.RootElement.GetProperty("image").GetString() ?? throw new FormatException("its image is null");
            Check(leaf, PartKind.Masks, document.RootElement);
            _row.ResetWrittenCount();
            using var json = new Utf8JsonWriter(_row, Plain);
            json.WriteStartObject();
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                if (member.NameEquals("offset"u8)) json.WriteNumber("offset", _masks + member.Value.GetInt64());
                else if (member.NameEquals("thumbnail"u8)) WriteThumbnail(json, leaf, member.Value);
                else member.WriteTo(json);
            }
            json.WriteEndObject();
            json.Flush();
            return _row.WrittenMemory;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ReductionException($"{JobLayout.Part(leaf.Folder, leaf.Attempt, PartKinds.Name(PartKind.Index))} has a row that is not as expected: {exception.Message}", exception);
        }
    }

    /// <summary>The shard's rows are done.</summary>
    public void Skip(Leaf leaf)
    {
        _masks += leaf.Find(PartKind.Masks)?.Size ?? 0;
        _thumbnails += leaf.Find(PartKind.Thumbnails)?.Size ?? 0;
    }

    private void WriteThumbnail(Utf8JsonWriter json, Leaf leaf, JsonElement thumbnail)
    {
        Check(leaf, PartKind.Thumbnails, thumbnail);
        (int pack, long offset) = packs.Find(_thumbnails + thumbnail.GetProperty("offset").GetInt64());
        json.WriteStartObject("thumbnail");
        json.WriteNumber("pack", pack);
        json.WriteNumber("offset", offset);
        json.WriteNumber("length", thumbnail.GetProperty("length").GetInt64());
        json.WriteEndObject();
    }

    private static void Check(Leaf leaf, PartKind kind, JsonElement place)
    {
        if (!place.TryGetProperty("offset", out JsonElement offsetElement)) return;
        long offset = offsetElement.GetInt64(), length = place.GetProperty("length").GetInt64(), size = leaf.Find(kind)?.Size ?? 0;
        if (offset < 0 || length < 1 || offset > size - length)
            throw new FormatException($"{length} bytes from byte {offset} are not within {PartKinds.Name(kind)}, which has {size}");
    }
}
