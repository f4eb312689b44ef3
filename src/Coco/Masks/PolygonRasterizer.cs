using System.Buffers;

namespace MaskRcnn.Coco.Masks;

/// <summary>
/// Polygons to runs by pycocotools' rule (<c>rleFrPoly</c>): the outline on a grid five times finer, one boundary
/// point for each pixel column that it crosses, even-odd parity within a polygon, union of an object's parts.
/// </summary>
/// <remarks>
/// pycocotools walks every point of the finer outline. A boundary point arises only where the outline steps between
/// the fine columns 5k + 2 and 5k + 3 (the middle of pixel column k), so this computes just those steps, from the
/// same expressions in double. The work is bounded by the mask's width for each edge, whatever the coordinates.
/// </remarks>
public static class PolygonRasterizer
{
    private const int Scale = 5;

    /// <summary>The most pixel columns that a polygon's edges may cross together.</summary>
    private const int MaxBoundary = 1 << 22;

    /// <summary>The largest coordinate, in pixels either way, that a polygon may have.</summary>
    public const double MaxCoordinate = 1e8;

    /// <summary>Rasterises one polygon.</summary>
    /// <param name="polygon">x₀, y₀, x₁, y₁, … in pixels; at least one point; closed by itself.</param>
    /// <param name="height">Rows of the mask.</param>
    /// <param name="width">Columns of the mask.</param>
    /// <exception cref="RleException">The size is invalid, a coordinate is not finite or over <see cref="MaxCoordinate"/>, or the length is odd or 0.</exception>
    public static Rle Rasterize(ReadOnlySpan<double> polygon, int height, int width)
    {
        RleException.CheckSize(height, width);
        if (polygon.Length == 0 || polygon.Length % 2 != 0)
            throw new RleException($"A polygon has {polygon.Length} numbers; expected x, y pairs.");
        foreach (double coordinate in polygon)
        {
            if (!(Math.Abs(coordinate) <= MaxCoordinate))
                throw new RleException($"A polygon has the coordinate {coordinate:R}; expected pixels, at most {MaxCoordinate:0} either way.");
        }
        int points = polygon.Length / 2;
        var boundary = new Boundary(height, width);
        try
        {
            int firstX = ToFine(polygon[0]), firstY = ToFine(polygon[1]);
            int x = firstX, y = firstY;
            for (int i = 1; i <= points; i++)
            {
                int nextX = i == points ? firstX : ToFine(polygon[2 * i]);
                int nextY = i == points ? firstY : ToFine(polygon[2 * i + 1]);
                boundary.AddEdge(x, y, nextX, nextY);
                x = nextX;
                y = nextY;
            }
            return Rle.FromTrusted(height, width, boundary.ToCounts());
        }
        finally
        {
            boundary.Dispose();
        }
    }

    /// <summary>Rasterises an object: the union of its parts.</summary>
    /// <param name="polygons">The parts, at least one.</param>
    /// <param name="height">Rows of the mask.</param>
    /// <param name="width">Columns of the mask.</param>
    /// <remarks>As in pycocotools (<c>frPyObjects</c>), if the first part has exactly four numbers, all parts are boxes.</remarks>
    /// <exception cref="RleException">As for one polygon; or no part, or a box part without four numbers.</exception>
    public static Rle Rasterize(IReadOnlyList<double[]> polygons, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(polygons);
        if (polygons.Count == 0) throw new RleException("A segmentation has no polygon; expected at least one.");
        bool boxes = polygons[0].Length == 4;
        Rle? result = null;
        foreach (double[] polygon in polygons)
        {
            Rle part = boxes ? RasterizeBoxPart(polygon, height, width) : Rasterize(polygon, height, width);
            result = result is null ? part : Rle.Union([result, part]);
        }
        return result!;
    }

    /// <summary>Rasterises a box, as a polygon of its four corners.</summary>
    /// <param name="box">The box, pixels.</param>
    /// <param name="height">Rows of the mask.</param>
    /// <param name="width">Columns of the mask.</param>
    /// <exception cref="RleException">The size is invalid, or a coordinate.</exception>
    public static Rle Rasterize(in BoundingBox box, int height, int width)
    {
        double right = box.X + box.Width, bottom = box.Y + box.Height;
        return Rasterize([box.X, box.Y, box.X, bottom, right, bottom, right, box.Y], height, width);
    }

    private static Rle RasterizeBoxPart(double[] part, int height, int width) => part.Length == 4
        ? Rasterize(new BoundingBox(part[0], part[1], part[2], part[3]), height, width)
        : throw new RleException($"A part has {part.Length} numbers, but the first part has 4 and so all parts are boxes; expected 4.");

    // C's conversion truncates toward zero, so that negative coordinates round the other way.
    private static int ToFine(double coordinate) => (int)(Scale * coordinate + .5);

    /// <summary>The boundary points of one polygon, as positions x · height + y in column-major order.</summary>
    private ref struct Boundary(int height, int width)
    {
        private uint[] _positions = ArrayPool<uint>.Shared.Rent(256);
        private int _count;

        public void AddEdge(int xs, int ys, int xe, int ye)
        {
            int dx = Math.Abs(xe - xs), dy = Math.Abs(ys - ye);
            if (dx == 0) return; // never leaves its fine column
            bool alongX = dx >= dy;
            if (alongX ? xs > xe : ys > ye)
            {
                (xs, xe) = (xe, xs);
                (ys, ye) = (ye, ys);
            }
            // Pixel columns k with both 5k + 2 and 5k + 3 between the ends.
            int low = Math.Min(xs, xe), high = Math.Max(xs, xe);
            int first = low <= 2 ? 0 : (low - 2 + Scale - 1) / Scale;
            int last = high < 3 ? -1 : Math.Min((high - 3) / Scale, width - 1);
            if (alongX)
            {
                double slope = (double)(ye - ys) / dx;
                for (int k = first; k <= last; k++)
                {
                    int t = Scale * k + 2 - xs;
                    Add(k, Math.Min((int)(ys + slope * t + .5), (int)(ys + slope * (t + 1) + .5)));
                }
            }
            else
            {
                double slope = (double)(xe - xs) / dy;
                for (int k = first; k <= last; k++) Add(k, ys + StepBefore(xs, slope, dy, Scale * k + 2));
            }
        }

        /// <summary>
        /// For an edge along y: the t in [0, dy) where (int)(xs + slope·t + .5) and the same at t + 1 lie on the two
        /// sides of <paramref name="column"/> | <paramref name="column"/> + 1. The expression is monotone in t.
        /// </summary>
        private static int StepBefore(int xs, double slope, int dy, int column)
        {
            bool rising = slope > 0;
            int t = (int)Math.Clamp((column + .5 - xs) / slope, 0, dy - 1);
            while (t > 0 && Beyond(t)) t--;
            while (t < dy - 1 && !Beyond(t + 1)) t++;
            return t;

            bool Beyond(int step)
            {
                int u = (int)(xs + slope * step + .5);
                return rising ? u > column : u <= column;
            }
        }

        private void Add(int column, int fineY)
        {
            // ceil((fineY + .5) / 5 - .5), clamped to the mask, in integers.
            int y = fineY <= 2 ? 0 : Math.Min((fineY + 2) / Scale, height);
            Push((uint)(column * height + y));
        }

        private void Push(uint position)
        {
            if (_count == _positions.Length)
            {
                // Each edge may cross the whole width: few numbers could otherwise ask for any amount of work.
                if (_count >= MaxBoundary) throw new RleException($"A polygon crosses more than {MaxBoundary} pixel columns; expected an outline of one image.");
                uint[] larger = ArrayPool<uint>.Shared.Rent(_count * 2);
                _positions.AsSpan(0, _count).CopyTo(larger);
                ArrayPool<uint>.Shared.Return(_positions);
                _positions = larger;
            }
            _positions[_count++] = position;
        }

        /// <summary>Sorted positions to runs. A difference of 0 joins the runs on its two sides, but for the first run.</summary>
        public uint[] ToCounts()
        {
            Push((uint)(height * width));
            Span<uint> runs = _positions.AsSpan(0, _count);
            runs.Sort();
            for (int i = runs.Length - 1; i > 0; i--) runs[i] -= runs[i - 1];
            int written = 1;
            for (int i = 1; i < runs.Length; i++)
            {
                if (runs[i] > 0) runs[written++] = runs[i];
                else if (++i < runs.Length) runs[written - 1] += runs[i];
            }
            return runs[..written].ToArray();
        }

        public readonly void Dispose() => ArrayPool<uint>.Shared.Return(_positions);
    }
}
