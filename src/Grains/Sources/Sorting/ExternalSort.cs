namespace MaskRcnn.Grains.Sources.Sorting;

/// <summary>Sorts any number of items in bounded memory: runs in temporary files that vanish with the process, which are then merged.</summary>
/// <typeparam name="T">What is sorted.</typeparam>
/// <param name="form">Order, size in memory and bytes of an item.</param>
/// <param name="budget">Bytes of items in memory.</param>
internal sealed class ExternalSort<T>(ISortForm<T> form, long budget = ExternalSort<T>.DefaultBudget) : IDisposable
{
    /// <summary>Bytes of items in memory, if nothing else is said.</summary>
    public const long DefaultBudget = 32 << 20;

    /// <summary>So many runs become one, so that a merge has few files open.</summary>
    private const int MostRuns = 128;

    private readonly List<T> _items = [];
    private readonly List<SortedRun<T>> _runs = [];
    private long _bytes;
    private bool _isSorted;

    /// <summary>Temporary files that there are now.</summary>
    public int Runs => _runs.Count;

    /// <summary>Adds an item; not after <see cref="Sorted"/>.</summary>
    public void Add(T item)
    {
        _isSorted = false;
        _items.Add(item);
        _bytes += form.Bytes(item);
        if (_bytes >= budget) Spill();
    }

    /// <summary>All items in order; may be enumerated again.</summary>
    public IEnumerable<T> Sorted()
    {
        if (!_isSorted) _items.Sort(form);
        _isSorted = true;
        return _runs.Count == 0 ? _items : Merge([.. _runs.Select(run => run.Read()), _items]);
    }

    public void Dispose()
    {
        foreach (SortedRun<T> run in _runs) run.Dispose();
        _runs.Clear();
        _items.Clear();
    }

    private void Spill()
    {
        _items.Sort(form);
        _runs.Add(new SortedRun<T>(form, _items));
        _items.Clear();
        _bytes = 0;
        if (_runs.Count < MostRuns) return;
        var merged = new SortedRun<T>(form, Merge([.. _runs.Select(run => run.Read())]));
        foreach (SortedRun<T> run in _runs) run.Dispose();
        _runs.Clear();
        _runs.Add(merged);
    }

    private IEnumerable<T> Merge(IEnumerable<T>[] sources)
    {
        IEnumerator<T>[] heads = [.. sources.Select(source => source.GetEnumerator())];
        try
        {
            var queue = new PriorityQueue<int, T>(form);
            for (int i = 0; i < heads.Length; i++)
            {
                if (heads[i].MoveNext()) queue.Enqueue(i, heads[i].Current);
            }
            while (queue.TryPeek(out int head, out T? item))
            {
                yield return item;
                if (heads[head].MoveNext()) queue.DequeueEnqueue(head, heads[head].Current);
                else queue.Dequeue();
            }
        }
        finally
        {
            foreach (IEnumerator<T> head in heads) head.Dispose();
        }
    }
}
