namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>The lines of parts that have lines.</summary>
internal static class PartLines
{
    /// <summary>Each line without its end; valid until the next is asked for.</summary>
    /// <exception cref="ReductionException">A part does not end with a line's end.</exception>
    public static IEnumerable<(Leaf Leaf, ReadOnlyMemory<byte> Line)> Read(PartReader reader, IEnumerable<Leaf> leaves, PartKind kind)
    {
        var begun = new MemoryStream();
        foreach (PartBlock block in reader.Blocks(leaves, kind))
        {
            ReadOnlyMemory<byte> rest = block.Data;
            for (int end = rest.Span.IndexOf((byte)'\n'); end >= 0; end = rest.Span.IndexOf((byte)'\n'))
            {
                ReadOnlyMemory<byte> line = rest[..end];
                rest = rest[(end + 1)..];
                if (begun.Length > 0)
                {
                    begun.Write(line.Span);
                    line = begun.GetBuffer().AsMemory(0, (int)begun.Length);
                }
                yield return (block.Leaf, line);
                begun.SetLength(0);
            }
            begun.Write(rest.Span);
            if (block.IsLast && begun.Length > 0) throw new ReductionException($"{block.Leaf.Blob(block.Part)} does not end with a line's end; expected lines of JSON.");
        }
    }
}
