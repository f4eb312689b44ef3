using System.Text.Json;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Documents;

/// <summary>A <see cref="SegmentDocument"/> without its images, of which there are thousands: it is read from the first kilobytes.</summary>
internal sealed record SegmentOutline
{
    /// <summary>Bytes that hold a thousand shards and all else that comes before the images.</summary>
    private const int Head = 8 << 10;

    /// <summary>Number of the segment, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Ordinal of its first image.</summary>
    public required long First { get; init; }

    /// <summary>Number of its first shard.</summary>
    public required int FirstShard { get; init; }

    /// <summary>Images of each shard, in order.</summary>
    public required IReadOnlyList<int> Shards { get; init; }

    /// <summary>Reads the outline of a job's segment.</summary>
    /// <exception cref="BlobNotFoundException">There is no such segment.</exception>
    /// <exception cref="DocumentException">It is no segment.</exception>
    public static async Task<SegmentOutline> ReadAsync(IBlobStore store, int segment, CancellationToken cancellation)
    {
        string name = JobLayout.Segment(segment);
        BlobContent head = await store.ReadAsync(name, new BlobReadOptions { Length = Head }, cancellation);
        // An earlier version wrote the images in the middle; and shards may be of one image each.
        return Before(head.Data, "images") ?? await store.ReadDocumentAsync<SegmentOutline>(name, cancellation);
    }

    /// <summary>What comes before a property, if that is in the head and all of an outline is before it; else null.</summary>
    private static SegmentOutline? Before(ReadOnlySpan<byte> head, string property)
    {
        try
        {
            var reader = new Utf8JsonReader(head, isFinalBlock: false, default);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals(property)) continue;
                byte[] before = [.. head[..(int)reader.TokenStartIndex].TrimEnd(" ,\n\r"u8), (byte)'}'];
                return JsonSerializer.Deserialize<SegmentOutline>(before, DocumentJson.Options);
            }
        }
        catch (JsonException)
        {
            // A part of it is missing here. Whoever reads the whole says what is wrong with it.
        }
        return null;
    }
}
