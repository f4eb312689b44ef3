namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Several sorted record streams as one: a heap of readers by their current record.</summary>
internal sealed class RecordMerge
{
    private readonly RecordReader[] _heap;
    private int _count;
    private bool _started;

    public RecordMerge(RecordReader[] readers)
    {
        _heap = readers;
    }

    /// <summary>The reader whose record is current.</summary>
    public RecordReader Current => _heap[0];

    public bool Next()
    {
        if (!_started)
        {
            Start();
            return _count > 0;
        }
        if (!_heap[0].Next())
        {
            if (--_count == 0) return false;
            _heap[0] = _heap[_count];
        }
        if (_count > 1) SiftDown(0);
        return true;
    }

    private void Start()
    {
        _started = true;
        foreach (RecordReader reader in _heap.ToArray())
        {
            if (reader.Next()) _heap[_count++] = reader;
        }
        for (int i = _count / 2 - 1; i >= 0; i--) SiftDown(i);
    }

    private void SiftDown(int i)
    {
        RecordReader reader = _heap[i];
        while (true)
        {
            int child = 2 * i + 1;
            if (child >= _count) break;
            if (child + 1 < _count && Before(_heap[child + 1], _heap[child])) child++;
            if (!Before(_heap[child], reader)) break;
            _heap[i] = _heap[child];
            i = child;
        }
        _heap[i] = reader;
    }

    private static bool Before(RecordReader a, RecordReader b)
    {
        if (a.Key != b.Key) return a.Key < b.Key;
        return a.Image != b.Image ? a.Image < b.Image : a.Rank < b.Rank;
    }
}
