namespace MaskRcnn.Samples.Microscopy.Layout;

/// <summary>Which pixel is whose.</summary>
internal sealed class Scene(int width, int height)
{
    private readonly List<Nucleus> _nuclei = [];

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>The nucleus of each pixel, counted from 1; 0 for none.</summary>
    public uint[] Labels { get; } = new uint[width * height];

    /// <summary>How far out from its nucleus's middle each pixel is.</summary>
    public double[] Distances { get; } = new double[width * height];

    public IReadOnlyList<Nucleus> Nuclei => _nuclei;

    /// <summary>The label at a place; null outside of the image.</summary>
    public uint? LabelAt(int x, int y) => x >= 0 && y >= 0 && x < Width && y < Height ? Labels[y * Width + x] : null;

    /// <summary>Puts a nucleus where its X and Y say. A pixel that two claim is whose middle is nearer, measured in radii.</summary>
    public void Add(Nucleus nucleus)
    {
        _nuclei.Add(nucleus);
        foreach ((int dx, int dy, double distance) in nucleus.Pixels)
        {
            if (LabelAt(nucleus.X + dx, nucleus.Y + dy) is not { } label) continue;
            int at = (nucleus.Y + dy) * Width + nucleus.X + dx;
            if (label != 0 && Distances[at] <= distance) continue;
            Labels[at] = (uint)_nuclei.Count;
            Distances[at] = distance;
        }
    }

    /// <summary>Takes away what a neighbour cut off: of each nucleus its largest connected part stays.</summary>
    public void RemoveIslands()
    {
        var seen = new bool[Labels.Length];
        var parts = new Dictionary<uint, List<int>>();
        for (int start = 0; start < Labels.Length; start++)
        {
            if (Labels[start] == 0 || seen[start]) continue;
            List<int> part = Part(start, seen);
            uint label = Labels[start];
            if (!parts.TryGetValue(label, out List<int>? known)) parts.Add(label, part);
            else
            {
                (List<int> keep, List<int> drop) = part.Count > known.Count ? (part, known) : (known, part);
                parts[label] = keep;
                foreach (int at in drop) Labels[at] = 0;
            }
        }
    }

    /// <summary>The pixels joined by edges to one, of its label.</summary>
    private List<int> Part(int start, bool[] seen)
    {
        List<int> part = [start];
        seen[start] = true;
        for (int i = 0; i < part.Count; i++)
        {
            (int y, int x) = Math.DivRem(part[i], Width);
            foreach ((int nx, int ny) in (ReadOnlySpan<(int, int)>)[(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)])
            {
                int at = ny * Width + nx;
                if (LabelAt(nx, ny) != Labels[start] || seen[at]) continue;
                seen[at] = true;
                part.Add(at);
            }
        }
        return part;
    }
}
