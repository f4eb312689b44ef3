namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>A growing array whose pieces are handed out as memory.</summary>
internal sealed class ChunkList<T>
{
    private T[] _items = [];

    public int Count { get; private set; }

    /// <summary>Appends and returns where the items start.</summary>
    public int Add(ReadOnlySpan<T> items)
    {
        int start = Count;
        if (_items.Length - start < items.Length) Array.Resize(ref _items, Math.Max(start + items.Length, Math.Max(256, 2 * _items.Length)));
        items.CopyTo(_items.AsSpan(start));
        Count += items.Length;
        return start;
    }

    /// <summary>Shrinks the array to what is in it.</summary>
    public void Trim() => Array.Resize(ref _items, Count);

    public ReadOnlySpan<T> Slice(int start, int length) => _items.AsSpan(start, length);

    public ReadOnlyMemory<T> Memory(int start, int length) => _items.AsMemory(start, length);
}
