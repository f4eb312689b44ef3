using System.Diagnostics.CodeAnalysis;

namespace MaskRcnn.Detection.Prediction;

/// <summary>A queue between stages, whose threads wait at it.</summary>
/// <param name="capacity">Most items in it.</param>
internal sealed class StageQueue<T>(int capacity = int.MaxValue)
{
    private readonly object _gate = new();
    private readonly List<T> _items = [];
    private bool _completed;
    private bool _stopped;

    /// <summary>Items in it now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _items.Count;
        }
    }

    /// <summary>Adds an item, when there is room; false when the queue was stopped.</summary>
    public bool Put(T item)
    {
        lock (_gate)
        {
            while (_items.Count >= capacity && !_stopped)
                Monitor.Wait(_gate);
            if (_stopped)
                return false;
            _items.Add(item);
            // Writers wait only where readers cannot, so that a pulse wakes the right side.
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Takes the oldest item, when there is one; false when there will be none.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        IReadOnlyList<T> first = Take(items => [items[0]]);
        item = first.Count > 0 ? first[0] : default;
        return first.Count > 0;
    }

    /// <summary>Takes some of the items, when there is one; none when there will be none.</summary>
    /// <param name="choose">Says which, of those that wait, oldest first.</param>
    public IReadOnlyList<T> Take(Func<IReadOnlyList<T>, IReadOnlyList<T>> choose)
    {
        lock (_gate)
        {
            while (_items.Count == 0 && !_completed && !_stopped)
                Monitor.Wait(_gate);
            if (_stopped || _items.Count == 0)
                return [];
            bool wasFull = _items.Count >= capacity;
            IReadOnlyList<T> chosen = choose(_items);
            foreach (T item in chosen)
                _items.Remove(item);
            if (wasFull)
                Monitor.PulseAll(_gate);
            return chosen;
        }
    }

    /// <summary>Nothing more will be added.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Whoever waits goes home.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }
}
