using System.Runtime.InteropServices;

namespace MaskRcnn.Coco.Masks;

/// <summary>
/// The pixel edges between foreground and background, directed so that the foreground is on the right hand, and the
/// rings that they form.
/// </summary>
internal sealed class OutlineEdges
{
    private readonly List<Edge> _edges = [];
    private readonly Dictionary<(int X, int Y), (int First, int Second)> _from = [];

    public OutlineEdges(MaskSlabs slabs)
    {
        for (int s = 0; s < slabs.Slabs.Count; s++)
        {
            MaskSlabs.Slab slab = slabs.Slabs[s];
            for (int i = slab.First; i < slab.First + slab.Count; i++)
            {
                MaskSlabs.Interval interval = slabs.Intervals[i];
                Add(new Edge(slab.Left, interval.Top, slab.Right, interval.Top, i));
                Add(new Edge(slab.Right, interval.Bottom, slab.Left, interval.Bottom, i));
            }
            bool touchesLast = s > 0 && slabs.Slabs[s - 1].Right == slab.Left;
            AddVertical(slab.Left, touchesLast ? Rows(slabs, s - 1) : [], Rows(slabs, s));
            bool touchesNext = s + 1 < slabs.Slabs.Count && slabs.Slabs[s + 1].Left == slab.Right;
            if (!touchesNext) AddVertical(slab.Right, Rows(slabs, s), []);
        }
    }

    /// <param name="Corners">x₀, y₀, x₁, y₁, …; only where the ring turns.</param>
    /// <param name="Interval">An interval of foreground that the ring bounds.</param>
    /// <param name="IsHole">Whether the ring bounds the foreground from within.</param>
    public readonly record struct Ring(double[] Corners, int Interval, bool IsHole);

    /// <summary>From corner to corner; the interval that a horizontal edge bounds, or -1.</summary>
    private readonly record struct Edge(int X0, int Y0, int X1, int Y1, int Interval)
    {
        public (int X, int Y) Direction => (Math.Sign(X1 - X0), Math.Sign(Y1 - Y0));
    }

    /// <summary>All rings.</summary>
    public IEnumerable<Ring> Rings()
    {
        var walked = new bool[_edges.Count];
        for (int start = 0; start < _edges.Count; start++)
        {
            if (!walked[start]) yield return Walk(start, walked);
        }
    }

    private Ring Walk(int start, bool[] walked)
    {
        var corners = new List<double>();
        int interval = -1, leftmost = int.MaxValue;
        bool isHole = false;
        for (int current = start; !walked[current];)
        {
            walked[current] = true;
            Edge edge = _edges[current];
            if (edge.Interval >= 0) interval = edge.Interval;
            // The leftmost edge of an outer ring goes up, with the foreground to the right; that of a hole goes down.
            if (edge.X0 == edge.X1 && edge.X0 < leftmost) (leftmost, isHole) = (edge.X0, edge.Y1 > edge.Y0);
            current = Next(edge);
            Edge next = _edges[current];
            if (next.Direction == edge.Direction) continue;
            corners.Add(next.X0);
            corners.Add(next.Y0);
        }
        return new Ring([.. corners], interval, isHole);
    }

    /// <summary>The edge that follows. Where two pixels touch at a corner only, the ring turns right and stays with its own.</summary>
    private int Next(Edge edge)
    {
        (int first, int second) = _from[(edge.X1, edge.Y1)];
        if (second < 0) return first;
        (int x, int y) = edge.Direction;
        return _edges[first].Direction == (-y, x) ? first : second;
    }

    private void Add(Edge edge)
    {
        ref (int First, int Second) from = ref CollectionsMarshal.GetValueRefOrAddDefault(_from, (edge.X0, edge.Y0), out bool isThere);
        if (isThere) from.Second = _edges.Count;
        else from = (_edges.Count, -1);
        _edges.Add(edge);
    }

    /// <summary>The edges between a column on the left and one on the right: wherever only one of them has foreground.</summary>
    private void AddVertical(int x, ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        // Both are ascending ends of intervals; passing one flips whether that side is foreground.
        bool inLeft = false, inRight = false;
        int from = 0;
        for (int i = 0, j = 0; i < left.Length || j < right.Length;)
        {
            int y = Math.Min(i < left.Length ? left[i] : int.MaxValue, j < right.Length ? right[j] : int.MaxValue);
            if (inRight && !inLeft) Add(new Edge(x, y, x, from, -1));
            else if (inLeft && !inRight) Add(new Edge(x, from, x, y, -1));
            if (i < left.Length && left[i] == y) (inLeft, i) = (!inLeft, i + 1);
            if (j < right.Length && right[j] == y) (inRight, j) = (!inRight, j + 1);
            from = y;
        }
    }

    private static int[] Rows(MaskSlabs slabs, int slab)
    {
        MaskSlabs.Slab s = slabs.Slabs[slab];
        var rows = new int[2 * s.Count];
        for (int i = 0; i < s.Count; i++) (rows[2 * i], rows[2 * i + 1]) = (slabs.Intervals[s.First + i].Top, slabs.Intervals[s.First + i].Bottom);
        return rows;
    }
}
