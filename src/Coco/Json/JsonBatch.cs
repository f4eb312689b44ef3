using System.Buffers;

namespace MaskRcnn.Coco.Json;

/// <summary>Consecutive elements of one section, in one piece of text. Return it once it is parsed.</summary>
internal sealed class JsonBatch(string section, byte[] buffer, long fileOffset)
{
    private readonly List<(int Start, int Length)> _elements = [];

    /// <summary>The top-level property, or "" for the elements of a top-level array.</summary>
    public string Section { get; } = section;

    public int Count => _elements.Count;

    public void Add(int start, int length) => _elements.Add((start, length));

    public ReadOnlySpan<byte> Element(int index) => buffer.AsSpan(_elements[index].Start, _elements[index].Length);

    /// <summary>Where the element starts in the file, bytes.</summary>
    public long FileOffset(int index) => fileOffset + _elements[index].Start;

    public void Return() => ArrayPool<byte>.Shared.Return(buffer);
}
