namespace MaskRcnn.Coco.Masks;

/// <summary>
/// A mask as slabs of neighbouring columns that hold the same foreground, each with its intervals of rows. A run that
/// covers many whole columns is one slab, so that there are never more intervals than a few for each run.
/// </summary>
internal sealed class MaskSlabs
{
    private readonly List<Slab> _slabs = [];
    private readonly List<Interval> _intervals = [];

    public MaskSlabs(Rle rle)
    {
        long position = 0;
        for (int i = 0; i + 1 < rle.Counts.Length; i += 2)
        {
            long start = position + rle.Counts[i];
            position = start + rle.Counts[i + 1];
            if (position > start) AddRun(start, position - 1, rle.Height);
        }
    }

    /// <summary>Columns [Left, Right) with foreground, and where their intervals are.</summary>
    public readonly record struct Slab(int Left, int Right, int First, int Count);

    /// <summary>Rows [Top, Bottom).</summary>
    public readonly record struct Interval(int Top, int Bottom);

    /// <summary>The slabs from left to right; columns without foreground are in none.</summary>
    public IReadOnlyList<Slab> Slabs => _slabs;

    /// <summary>The intervals of all slabs, from left to right and then from top to bottom.</summary>
    public IReadOnlyList<Interval> Intervals => _intervals;

    /// <summary>For each interval its 4-connected component, numbered by first appearance.</summary>
    public int[] Components(out int count)
    {
        int[] parent = [.. Enumerable.Range(0, _intervals.Count)];
        for (int s = 1; s < _slabs.Count; s++)
        {
            if (_slabs[s - 1].Right == _slabs[s].Left) Join(parent, _slabs[s - 1], _slabs[s]);
        }
        var numbers = new int[parent.Length];
        count = 0;
        for (int i = 0; i < parent.Length; i++)
        {
            // The smaller index is always the root, so a root comes before whatever belongs to it.
            int root = Root(parent, i);
            numbers[i] = root == i ? count++ : numbers[root];
        }
        return numbers;
    }

    private void Join(int[] parent, Slab left, Slab right)
    {
        for (int i = left.First, j = right.First; i < left.First + left.Count && j < right.First + right.Count;)
        {
            if (Math.Min(_intervals[i].Bottom, _intervals[j].Bottom) > Math.Max(_intervals[i].Top, _intervals[j].Top))
            {
                int a = Root(parent, i), b = Root(parent, j);
                parent[Math.Max(a, b)] = Math.Min(a, b);
            }
            if (_intervals[i].Bottom < _intervals[j].Bottom) i++;
            else j++;
        }
    }

    private static int Root(int[] parent, int i)
    {
        while (parent[i] != i) i = parent[i] = parent[parent[i]];
        return i;
    }

    private void AddRun(long first, long last, int height)
    {
        int left = (int)(first / height), right = (int)(last / height);
        int top = (int)(first % height), bottom = (int)(last % height) + 1;
        if (left == right)
        {
            Add(left, left + 1, top, bottom);
            return;
        }
        Add(left, left + 1, top, height);
        if (right > left + 1) Add(left + 1, right, 0, height);
        Add(right, right + 1, 0, bottom);
    }

    private void Add(int left, int right, int top, int bottom)
    {
        if (_slabs.Count == 0 || _slabs[^1].Left != left)
        {
            _slabs.Add(new Slab(left, right, _intervals.Count, 1));
            _intervals.Add(new Interval(top, bottom));
        }
        else if (_intervals[^1].Bottom == top)
        {
            // A background run of length 0 does not part its neighbours.
            _intervals[^1] = _intervals[^1] with { Bottom = bottom };
        }
        else
        {
            _slabs[^1] = _slabs[^1] with { Count = _slabs[^1].Count + 1 };
            _intervals.Add(new Interval(top, bottom));
        }
    }
}
