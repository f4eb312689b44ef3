namespace MaskRcnn.Coco.Masks;

/// <summary>
/// A binary mask as run lengths, COCO's RLE: column-major, the runs alternate between background and foreground
/// and start with background (a run that may be 0 long). Immutable.
/// </summary>
/// <remarks>
/// The rules are those of pycocotools 2.0.11 (<c>maskApi.c</c>), to the bit; only that where two masks have a run of
/// length 0 at the same pixel, pycocotools drops what follows from their union, intersection and IoU, and this does
/// not. No operation here but <see cref="RleDense"/> ever expands the runs into pixels.
/// </remarks>
public sealed class Rle
{
    /// <summary>The most pixels a mask may have: 2³¹ − 1.</summary>
    public const long MaxPixels = int.MaxValue;

    private readonly uint[] _counts;

    private Rle(int height, int width, uint[] counts)
    {
        Height = height;
        Width = width;
        _counts = counts;
    }

    /// <summary>Rows of the mask, pixels.</summary>
    public int Height { get; }

    /// <summary>Columns of the mask, pixels.</summary>
    public int Width { get; }

    /// <summary>Run lengths in column-major order: background, foreground, background, …; they sum to height × width.</summary>
    public ReadOnlySpan<uint> Counts => _counts;

    /// <summary>Foreground pixels.</summary>
    public long Area => RleRuns.Area(_counts);

    /// <summary>The smallest box that holds all foreground, [x, y, width, height]; all 0 for an empty mask.</summary>
    /// <remarks>
    /// pycocotools gives a box that wraps around 2³² for a mask whose only foreground runs have length 0; here it is
    /// an empty box too. The IoU of such a mask is 0 either way.
    /// </remarks>
    public BoundingBox BoundingBox => RleRuns.BoundingBox(_counts, Height);

    /// <summary>A mask from run lengths.</summary>
    /// <param name="height">Rows, at least 0.</param>
    /// <param name="width">Columns, at least 0.</param>
    /// <param name="counts">Runs that sum to height × width. Copied.</param>
    /// <exception cref="RleException">The size is negative or too large, or the runs do not sum to it.</exception>
    public static Rle FromCounts(int height, int width, ReadOnlySpan<uint> counts)
    {
        RleException.CheckSize(height, width);
        RleException.CheckSum(height, width, counts);
        return new Rle(height, width, counts.ToArray());
    }

    /// <summary>A mask without foreground.</summary>
    /// <param name="height">Rows, at least 0.</param>
    /// <param name="width">Columns, at least 0.</param>
    /// <exception cref="RleException">The size is negative or too large.</exception>
    public static Rle Empty(int height, int width)
    {
        RleException.CheckSize(height, width);
        return new Rle(height, width, [(uint)((long)height * width)]);
    }

    /// <summary>A mask from a compressed string, as COCO results hold it.</summary>
    /// <param name="height">Rows, at least 0.</param>
    /// <param name="width">Columns, at least 0.</param>
    /// <param name="text">ASCII characters 48 to 111, the string's bytes.</param>
    /// <exception cref="RleException">The string is not an RLE, or its runs do not sum to height × width.</exception>
    public static Rle FromCompressed(int height, int width, ReadOnlySpan<byte> text)
    {
        RleException.CheckSize(height, width);
        var counts = new uint[RleString.CountRuns(text)];
        int runs = RleString.Decode(text, counts);
        RleException.CheckSum(height, width, counts.AsSpan(0, runs));
        return new Rle(height, width, counts);
    }

    /// <inheritdoc cref="FromCompressed(int, int, ReadOnlySpan{byte})"/>
    public static Rle FromCompressed(int height, int width, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return FromCompressed(height, width, System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The runs as COCO's compressed string.</summary>
    public string ToCompressed() => RleString.Encode(_counts);

    /// <summary>Pixels in any of the masks: a left fold over them, as pycocotools' <c>merge</c>.</summary>
    /// <param name="masks">At least one mask, all of one size.</param>
    /// <exception cref="RleException">The sizes differ, or there is no mask.</exception>
    public static Rle Union(IReadOnlyList<Rle> masks) => Fold(masks, intersect: false);

    /// <summary>Pixels in all of the masks: a left fold over them, as pycocotools' <c>merge(intersect=1)</c>.</summary>
    /// <param name="masks">At least one mask, all of one size.</param>
    /// <exception cref="RleException">The sizes differ, or there is no mask.</exception>
    public static Rle Intersection(IReadOnlyList<Rle> masks) => Fold(masks, intersect: true);

    /// <summary>Number of pixels in both masks.</summary>
    /// <param name="a">A mask.</param>
    /// <param name="b">Another of the same size.</param>
    /// <exception cref="RleException">The sizes differ.</exception>
    public static long IntersectionArea(Rle a, Rle b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        RleException.CheckSameSize(a, b);
        return RleRuns.Intersection(a._counts, b._counts);
    }

    /// <summary>
    /// Intersection over union. For a crowd ground truth the union is the detection's area, so that a detection
    /// inside a crowd scores 1.
    /// </summary>
    /// <param name="detection">The detection's mask.</param>
    /// <param name="groundTruth">The ground truth's mask, of the same size.</param>
    /// <param name="groundTruthIsCrowd">Whether the ground truth is a crowd region.</param>
    /// <returns>A number in [0, 1]; 0 where the masks do not meet.</returns>
    /// <exception cref="RleException">The sizes differ.</exception>
    public static double Iou(Rle detection, Rle groundTruth, bool groundTruthIsCrowd = false)
    {
        ArgumentNullException.ThrowIfNull(detection);
        ArgumentNullException.ThrowIfNull(groundTruth);
        RleException.CheckSameSize(detection, groundTruth);
        if (BoundingBox.Iou(detection.BoundingBox, groundTruth.BoundingBox, groundTruthIsCrowd) <= 0) return 0;
        long detectionArea = detection.Area;
        return RleRuns.Iou(detection._counts, detectionArea, groundTruth._counts, groundTruth.Area, groundTruthIsCrowd);
    }

    /// <summary>Whether both have the same size and the same runs.</summary>
    /// <param name="other">The mask to compare with.</param>
    public bool SameAs(Rle other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Height == other.Height && Width == other.Width && Counts.SequenceEqual(other.Counts);
    }

    /// <summary>Takes ownership of runs that are known to sum to height × width.</summary>
    internal static Rle FromTrusted(int height, int width, uint[] counts) => new(height, width, counts);

    private static Rle Fold(IReadOnlyList<Rle> masks, bool intersect)
    {
        ArgumentNullException.ThrowIfNull(masks);
        if (masks.Count == 0) throw new RleException("No masks to merge; expected at least one.");
        Rle result = masks[0];
        for (int i = 1; i < masks.Count; i++)
        {
            RleException.CheckSameSize(result, masks[i]);
            result = new Rle(result.Height, result.Width, RleRuns.Merge(result._counts, masks[i]._counts, intersect));
        }
        return result;
    }
}
