namespace MaskRcnn.Coco.Masks;

/// <summary>
/// Masks to polygons along pixel edges. Rasterising the result gives the identical mask, holes included.
/// </summary>
/// <remarks>
/// Corners lie on whole numbers, so that the rasteriser's rule puts each pixel back where it was. Each 4-connected
/// component is one polygon. A hole is joined to its outer ring by a slit of no width, walked both ways: COCO's
/// format has no other way to write an object with holes as a polygon.
/// </remarks>
public static class MaskOutline
{
    /// <summary>The outline of one 4-connected component: the outer ring and the rings of its holes.</summary>
    /// <param name="Outer">x₀, y₀, x₁, y₁, …; pixel corners.</param>
    /// <param name="Holes">Rings in the same form.</param>
    public sealed record Component(double[] Outer, IReadOnlyList<double[]> Holes);

    /// <summary>Polygons that rasterise to the identical mask; none for an empty mask.</summary>
    /// <param name="rle">The mask.</param>
    public static IReadOnlyList<double[]> ToPolygons(Rle rle)
    {
        var polygons = new List<double[]>();
        foreach (Component component in Trace(rle)) polygons.Add(component.Holes.Count == 0 ? component.Outer : Slit(component));
        return polygons;
    }

    /// <summary>The outlines of the mask's 4-connected components, in column-major order of their first pixel.</summary>
    /// <param name="rle">The mask.</param>
    /// <exception cref="RleException">The mask extends over almost 2³¹ pixels or more.</exception>
    public static IReadOnlyList<Component> Trace(Rle rle)
    {
        ArgumentNullException.ThrowIfNull(rle);
        BoundingBox box = rle.BoundingBox;
        if (box.Width == 0) return [];
        if ((box.Width + 2) * (box.Height + 2) > Array.MaxLength)
            throw new RleException($"The mask extends over {box.Width} × {box.Height} pixels; expected fewer than 2^31 to trace, with a border of one.");
        var crop = new Crop(rle, box);
        var components = new List<Component>();
        for (int x = 0; x < crop.Width; x++)
        {
            for (int y = 0; y < crop.Height; y++)
            {
                // The first pixel of a component in column-major order has background on its left.
                if (crop.Label(x, y) == Crop.Unlabelled)
                {
                    crop.Flood(x, y, components.Count + 1);
                    components.Add(new Component(crop.Ring(x, y, components.Count + 1), new List<double[]>()));
                }
                // A left edge that no ring has walked belongs to a hole: the pixel is on the hole's right.
                int label = crop.Label(x, y);
                if (label > 0 && crop.Label(x - 1, y) != label && !crop.LeftEdgeWalked(x, y))
                    ((List<double[]>)components[label - 1].Holes).Add(crop.Ring(x, y, label));
            }
        }
        return components;
    }

    /// <summary>One ring: the outer one and, from its last corner, a slit to each hole and back.</summary>
    private static double[] Slit(Component component)
    {
        // A slit crosses each pixel column twice at the same height, and two equal boundary points cancel.
        var ring = new List<double>(component.Outer);
        double x = ring[^2], y = ring[^1];
        foreach (double[] hole in component.Holes) ring.AddRange([.. hole, hole[0], hole[1], x, y]);
        return [.. ring];
    }

    /// <summary>The mask's box with a border of one, labelled by component.</summary>
    private sealed class Crop
    {
        public const int Unlabelled = -1;

        private readonly int[] _labels;
        private readonly bool[] _leftWalked;
        private readonly int _stride;
        private readonly int _left, _top;

        public Crop(Rle rle, BoundingBox box)
        {
            _left = (int)box.X;
            _top = (int)box.Y;
            Width = (int)box.Width;
            Height = (int)box.Height;
            _stride = Height + 2;
            _labels = new int[_stride * (Width + 2)];
            _leftWalked = new bool[_labels.Length];
            long position = 0;
            for (int i = 0; i < rle.Counts.Length; i++)
            {
                long end = position + rle.Counts[i];
                for (; i % 2 == 1 && position < end; position++)
                    _labels[Index((int)(position / rle.Height) - _left, (int)(position % rle.Height) - _top)] = Unlabelled;
                position = end;
            }
        }

        public int Width { get; }

        public int Height { get; }

        public int Label(int x, int y) => _labels[Index(x, y)];

        public bool LeftEdgeWalked(int x, int y) => _leftWalked[Index(x, y)];

        public void Flood(int x, int y, int label)
        {
            var pending = new Stack<int>();
            Visit(Index(x, y));
            while (pending.TryPop(out int index))
            {
                Visit(index - 1);
                Visit(index + 1);
                Visit(index - _stride);
                Visit(index + _stride);
            }

            void Visit(int index)
            {
                if (_labels[index] != Unlabelled) return;
                _labels[index] = label;
                pending.Push(index);
            }
        }

        /// <summary>
        /// Walks the ring that has the left edge of pixel (x, y), with the component on the right hand. At a corner
        /// where two of its pixels touch diagonally it turns towards its own pixel, so that rings never cross.
        /// </summary>
        public double[] Ring(int x, int y, int label)
        {
            var ring = new List<double>();
            // Corner (cx, cy) is the upper left corner of pixel (cx, cy). The walk starts upwards along the left edge.
            int startX = x, startY = y + 1;
            int cx = startX, cy = startY, dx = 0, dy = -1;
            do
            {
                if (dy == -1) _leftWalked[Index(cx, cy - 1)] = true;
                cx += dx;
                cy += dy;
                // The pixels ahead, on the right and on the left of the direction of travel.
                bool right = Label(cx + (dx - dy - 1) / 2, cy + (dy + dx - 1) / 2) == label;
                bool left = Label(cx + (dx + dy - 1) / 2, cy + (dy - dx - 1) / 2) == label;
                (int turnX, int turnY) = !right ? (-dy, dx) : left ? (dy, -dx) : (dx, dy);
                if (turnX != dx)
                {
                    ring.Add(cx + _left);
                    ring.Add(cy + _top);
                }
                (dx, dy) = (turnX, turnY);
            }
            while (cx != startX || cy != startY || dx != 0 || dy != -1);
            return [.. ring];
        }

        private int Index(int x, int y) => (x + 1) * _stride + y + 1;
    }
}
