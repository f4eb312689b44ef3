using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Tar;
using MaskRcnn.Grains.Sources.Tar;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>Reads what <see cref="ShardWriter"/> has written, for an attempt of a later generation to write it again.</summary>
internal static class WrittenParts
{
    /// <summary>The images of a shard that have a result, by name; byte for byte what was given to the writer. On the calling thread.</summary>
    /// <param name="store">The job's folder.</param>
    /// <param name="record">The commit record.</param>
    /// <param name="images">Those that are wanted.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="DocumentException">A part is not as it was written.</exception>
    /// <exception cref="IOException">A part is gone, or the store failed.</exception>
    public static IReadOnlyDictionary<string, EncodedImage> Read(IBlobStore store, CommitRecord record, IReadOnlyList<ListedImage> images, CancellationToken cancellation)
    {
        Dictionary<string, ListedImage> wanted = images.ToDictionary(image => image.Name, StringComparer.Ordinal);
        try
        {
            byte[] masks = Part(ShardParts.Masks), thumbnails = Part(ShardParts.Thumbnails);
            Dictionary<string, ImageTimings> timings = Lines(Part(ShardParts.Timings)).ToDictionary(line => line.GetProperty("image").GetString()!, Timings, StringComparer.Ordinal);
            ReadOnlyMemory<byte>[] detections = Detections(Part(ShardParts.Detections));
            Dictionary<string, EncodedImage> results = new(StringComparer.Ordinal);
            int next = 0;
            foreach (JsonElement row in Lines(Part(ShardParts.Index)))
            {
                if (row.TryGetProperty("cause", out _)) continue;
                string name = row.GetProperty("image").GetString()!;
                int instances = row.GetProperty("instances").GetInt32(), first = next;
                // Without an id an image is in no results file.
                if (row.TryGetProperty("id", out _)) next += instances;
                if (!wanted.TryGetValue(name, out ListedImage? image)) continue;
                results.Add(name, new EncodedImage
                {
                    Image = image,
                    Width = row.GetProperty("width").GetInt32(),
                    Height = row.GetProperty("height").GetInt32(),
                    Json = Place(masks, row),
                    Detections = Joined(detections.AsSpan(first, next - first)),
                    Png = Next(masks, row, name + ".png"),
                    Thumbnail = row.TryGetProperty("thumbnail", out JsonElement thumbnail) ? Place(thumbnails, thumbnail) : default,
                    Instances = instances,
                    BestScore = row.TryGetProperty("bestScore", out JsonElement score) ? score.GetSingle() : null,
                    Timings = timings[name],
                });
            }
            return next == detections.Length ? results : throw Damaged($"there are {detections.Length} detections; the index counts {next}");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or InvalidDataException or ArgumentException)
        {
            throw Damaged(exception.Message);
        }

        byte[] Part(string kind)
        {
            if (record.Parts.FirstOrDefault(part => part.Name.EndsWith("/" + kind, StringComparison.Ordinal)) is not { } part) return [];
            byte[] data = store.ReadAsync(part.Name, new BlobReadOptions { IfMatch = part.ETag }, cancellation).GetAwaiter().GetResult().Data;
            return Convert.ToHexStringLower(SHA256.HashData(data)) == part.Sha256 ? data : throw new DocumentException(part.Name, "its SHA-256 is not the one in the shard's commit record");
        }

        DocumentException Damaged(string reason) => new($"{JobLayout.Parts}{record.PartsOf ?? record.Shard}/{record.Attempt}", reason);
    }

    private static ReadOnlyMemory<byte> Place(byte[] archive, JsonElement place) => archive.AsMemory(place.GetProperty("offset").GetInt32(), place.GetProperty("length").GetInt32());

    /// <summary>The file after an image's JSON, if it has this name; empty: it is another image's.</summary>
    private static ReadOnlyMemory<byte> Next(byte[] archive, JsonElement place, string name)
    {
        int length = place.GetProperty("length").GetInt32(), start = place.GetProperty("offset").GetInt32() + length + TarHeader.Padding(length);
        var header = new ArrayBufferWriter<byte>();
        int data = start + TarHeader.Write(header, name, 0);
        if (data > archive.Length || TarFields.Size(archive.AsSpan(data - TarHeader.BlockSize, TarHeader.BlockSize)) is not { } size || size > archive.Length - data) return default;
        header.Clear();
        TarHeader.Write(header, name, size);
        return header.WrittenSpan.SequenceEqual(archive.AsSpan(start, data - start)) ? archive.AsMemory(data, (int)size) : default;
    }

    private static IEnumerable<JsonElement> Lines(byte[] part)
    {
        for (int start = 0; start < part.Length;)
        {
            int length = part.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0) throw new FormatException("a line does not end");
            yield return JsonElement.Parse(part.AsSpan(start, length));
            start += length + 1;
        }
    }

    /// <summary>Each detection follows a comma and a line feed.</summary>
    private static ReadOnlyMemory<byte>[] Detections(ReadOnlyMemory<byte> part)
    {
        List<ReadOnlyMemory<byte>> detections = [];
        ReadOnlySpan<byte> separator = ",\n"u8;
        while (!part.IsEmpty)
        {
            if (!part.Span.StartsWith(separator)) throw new FormatException("a detection does not follow a comma and a line feed");
            part = part[separator.Length..];
            int length = part.Span.IndexOf(separator) is var end and >= 0 ? end : part.Length;
            detections.Add(part[..length]);
            part = part[length..];
        }
        return [.. detections];
    }

    private static ReadOnlyMemory<byte> Joined(ReadOnlySpan<ReadOnlyMemory<byte>> detections)
    {
        using var joined = new MemoryStream();
        foreach (ReadOnlyMemory<byte> detection in detections)
        {
            if (joined.Length > 0) joined.Write(",\n"u8);
            joined.Write(detection.Span);
        }
        return joined.ToArray();
    }

    private static ImageTimings Timings(JsonElement line) =>
        new(line.GetProperty("readMs").GetDouble(), line.GetProperty("decodeMs").GetDouble(), line.GetProperty("inferMs").GetDouble()) { EncodeMs = line.GetProperty("encodeMs").GetDouble() };
}
