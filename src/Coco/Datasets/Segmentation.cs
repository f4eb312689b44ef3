using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Datasets;

/// <summary>An annotation's mask as its file writes it. Not checked until <see cref="ToRle"/>.</summary>
public abstract record Segmentation
{
    private Segmentation() { }

    /// <summary>The mask.</summary>
    /// <param name="height">The image's height, pixels.</param>
    /// <param name="width">The image's width, pixels.</param>
    /// <exception cref="RleException">The segmentation is not valid, or its size is not the image's.</exception>
    public abstract Rle ToRle(int height, int width);

    /// <summary>The union of polygons, each x₀, y₀, x₁, y₁, … in pixels.</summary>
    /// <param name="Parts">At least one polygon.</param>
    public sealed record Polygons(IReadOnlyList<double[]> Parts) : Segmentation
    {
        /// <inheritdoc/>
        public override Rle ToRle(int height, int width) => PolygonRasterizer.Rasterize(Parts, height, width);
    }

    /// <summary>Run lengths as numbers.</summary>
    /// <param name="Height">Rows.</param>
    /// <param name="Width">Columns.</param>
    /// <param name="Counts">Run lengths, background first, column-major.</param>
    public sealed record UncompressedRle(long Height, long Width, uint[] Counts) : Segmentation
    {
        /// <inheritdoc/>
        public override Rle ToRle(int height, int width)
        {
            CheckImageSize(Height, Width, height, width);
            return Rle.FromCounts(height, width, Counts);
        }
    }

    /// <summary>Run lengths as COCO's string.</summary>
    /// <param name="Height">Rows.</param>
    /// <param name="Width">Columns.</param>
    /// <param name="Counts">The compressed string.</param>
    public sealed record CompressedRle(long Height, long Width, string Counts) : Segmentation
    {
        /// <inheritdoc/>
        public override Rle ToRle(int height, int width)
        {
            CheckImageSize(Height, Width, height, width);
            return Rle.FromCompressed(height, width, Counts);
        }

        /// <summary>The mask as a compressed segmentation.</summary>
        /// <param name="rle">The mask.</param>
        public static CompressedRle From(Rle rle)
        {
            ArgumentNullException.ThrowIfNull(rle);
            return new CompressedRle(rle.Height, rle.Width, rle.ToCompressed());
        }
    }

    internal static void CheckImageSize(long maskHeight, long maskWidth, int height, int width)
    {
        if (maskHeight != height || maskWidth != width)
            throw new RleException($"RLE size is [{maskHeight}, {maskWidth}]; expected the image's [{height}, {width}] (height, width).");
    }
}
