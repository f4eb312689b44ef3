using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Detection.Weights.Safetensors;

/// <summary>Writes safetensors files: whole or not at all, and the same bytes for the same tensors.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>A tensor of up to this many bytes is read and written at once.</summary>
    private const int Chunk = 1 << 22;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes tensors.</summary>
    /// <param name="path">The file; see <see cref="AtomicFile"/>.</param>
    /// <param name="tensors">In the header's order. Their numbers are ordered by size, so that each is aligned.</param>
    /// <param name="metadata">Texts by name; written in ordinal order.</param>
    /// <param name="cancellationToken">Stops it; the file is then as it was.</param>
    /// <exception cref="ArgumentException">A tensor has the name of the metadata.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="WeightFileException">A tensor cannot be read from its file.</exception>
    public static void Write(string path, IReadOnlyList<StoredTensor> tensors, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken = default)
    {
        if (tensors.Any(t => t.Name == SafetensorsFormat.MetadataKey))
            throw new ArgumentException($"A tensor is named '{SafetensorsFormat.MetadataKey}', which safetensors keeps for itself.", nameof(tensors));
        StoredTensor[] ordered = [.. tensors.OrderByDescending(t => t.Type.Size())];
        var begins = new Dictionary<StoredTensor, long>(ReferenceEqualityComparer.Instance);
        long end = 0;
        foreach (StoredTensor tensor in ordered)
        {
            begins.Add(tensor, end);
            end += tensor.ByteLength;
        }
        byte[] header = Header(tensors, begins, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            byte[] buffer = new byte[Chunk];
            foreach (StoredTensor tensor in ordered) Copy(tensor, stream, buffer);
        }, cancellationToken);
    }

    private static void Copy(StoredTensor tensor, Stream stream, byte[] buffer)
    {
        for (long offset = 0; offset < tensor.ByteLength; offset += buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.ByteLength - offset));
            tensor.Read(offset, part);
            stream.Write(part);
        }
    }

    /// <summary>The header with its length in front, filled with spaces.</summary>
    private static byte[] Header(IReadOnlyList<StoredTensor> tensors, Dictionary<StoredTensor, long> begins, IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        stream.Write(stackalloc byte[SafetensorsFormat.Prefix]);
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsFormat.MetadataKey);
                foreach ((string key, string text) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(key, text);
                json.WriteEndObject();
            }
            foreach (StoredTensor tensor in tensors) Write(json, tensor, begins[tensor]);
            json.WriteEndObject();
        }
        while (stream.Length % Alignment != 0) stream.WriteByte((byte)' ');
        byte[] header = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - SafetensorsFormat.Prefix);
        return header;
    }

    private static void Write(Utf8JsonWriter json, StoredTensor tensor, long begin)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString(SafetensorsFormat.TypeKey, SafetensorsFormat.NameOf(tensor.Type));
        json.WriteStartArray(SafetensorsFormat.ShapeKey);
        foreach (long size in tensor.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray(SafetensorsFormat.OffsetsKey);
        json.WriteNumberValue(begin);
        json.WriteNumberValue(begin + tensor.ByteLength);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
