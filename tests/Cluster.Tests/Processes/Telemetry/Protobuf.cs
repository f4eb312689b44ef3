using System.Text;

namespace MaskRcnn.Cluster.Tests.Processes.Telemetry;

/// <summary>A protobuf message, read by its wire format alone: the fields' numbers are those of opentelemetry-proto.</summary>
internal readonly record struct Protobuf(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The values of a field: messages, texts and bytes.</summary>
    public IReadOnlyList<Protobuf> this[int field]
    {
        get
        {
            List<Protobuf> found = [];
            ReadOnlySpan<byte> bytes = Bytes.Span;
            for (int at = 0; at < bytes.Length;)
            {
                ulong key = Varint(bytes, ref at);
                int length = (int)(key & 7) switch
                {
                    0 => Skipped(bytes, at),
                    1 => 8,
                    2 => (int)Varint(bytes, ref at),
                    5 => 4,
                    _ => throw new InvalidDataException($"Wire type {key & 7} at byte {at}; expected 0, 1, 2 or 5."),
                };
                if ((int)(key >> 3) == field) found.Add(new Protobuf(Bytes.Slice(at, length)));
                at += length;
            }
            return found;
        }
    }

    /// <summary>The field's text; empty when it is not there.</summary>
    public string Text(int field) => this[field] is [.., var last] ? Encoding.UTF8.GetString(last.Bytes.Span) : "";

    /// <summary>The field's bytes, hexadecimal.</summary>
    public string Hex(int field) => this[field] is [.., var last] ? Convert.ToHexStringLower(last.Bytes.Span) : "";

    private static int Skipped(ReadOnlySpan<byte> bytes, int at)
    {
        int start = at;
        Varint(bytes, ref at);
        return at - start;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return value;
        }
    }
}
