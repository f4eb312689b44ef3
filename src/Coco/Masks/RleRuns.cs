namespace MaskRcnn.Coco.Masks;

/// <summary>The arithmetic of masks on their runs; all runs here are known to sum to the mask's size.</summary>
internal static class RleRuns
{
    public static long Area(ReadOnlySpan<uint> counts)
    {
        long area = 0;
        for (int i = 1; i < counts.Length; i += 2) area += counts[i];
        return area;
    }

    public static BoundingBox BoundingBox(ReadOnlySpan<uint> counts, int height)
    {
        uint h = (uint)height;
        uint position = 0;
        uint left = uint.MaxValue, top = uint.MaxValue, right = 0, bottom = 0;
        for (int i = 0; i + 1 < counts.Length; i += 2)
        {
            uint start = position + counts[i];
            uint length = counts[i + 1];
            position = start + length;
            if (length == 0) continue;
            (uint xStart, uint yStart) = Math.DivRem(start, h);
            // Most runs end in the column in which they start.
            uint xEnd = xStart, yEnd = yStart + length - 1;
            if (yEnd >= h) (xEnd, yEnd) = Math.DivRem(position - 1, h);
            if (xStart < left) left = xStart;
            if (xEnd > right) right = xEnd;
            if (xStart < xEnd)
            {
                top = 0;
                bottom = h - 1;
            }
            else
            {
                if (yStart < top) top = yStart;
                if (yEnd > bottom) bottom = yEnd;
            }
        }
        return left == uint.MaxValue ? default : new BoundingBox(left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>Pixels in both masks.</summary>
    public static long Intersection(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        long intersection = 0;
        long aEnd = 0, bEnd = 0;
        int i = 1, j = 1;
        if (a.Length < 2 || b.Length < 2) return 0;
        long aStart = a[0], bStart = b[0];
        aEnd = aStart + a[1];
        bEnd = bStart + b[1];
        while (true)
        {
            long overlap = Math.Min(aEnd, bEnd) - Math.Max(aStart, bStart);
            if (overlap > 0) intersection += overlap;
            // The foreground run that ends first cannot meet any later run of the other.
            if (aEnd <= bEnd)
            {
                i += 2;
                if (i >= a.Length) return intersection;
                aStart = aEnd + a[i - 1];
                aEnd = aStart + a[i];
            }
            else
            {
                j += 2;
                if (j >= b.Length) return intersection;
                bStart = bEnd + b[j - 1];
                bEnd = bStart + b[j];
            }
        }
    }

    /// <summary>Intersection over union of masks whose boxes overlap; for a crowd the union is the detection's area.</summary>
    public static double Iou(ReadOnlySpan<uint> detection, long detectionArea, ReadOnlySpan<uint> groundTruth, long groundTruthArea, bool crowd)
    {
        long intersection = Intersection(detection, groundTruth);
        if (intersection == 0) return 0;
        long union = crowd ? detectionArea : detectionArea + groundTruthArea - intersection;
        return (double)intersection / union;
    }

    /// <summary>
    /// Union or intersection of two masks of one size. Runs of length 0 in the middle come out as in pycocotools
    /// (<c>rleMerge</c>), but for one case: where both masks have such a run at the same pixel, pycocotools stops there
    /// and drops the rest of the mask.
    /// </summary>
    public static uint[] Merge(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, bool intersect)
    {
        if (a.Length == 0 || b.Length == 0) return []; // a mask of 0 pixels
        long left = 0; // pixels that no run of the result holds yet
        foreach (uint count in a) left += count;
        var merged = new List<uint>(a.Length + b.Length);
        uint aLeft = a[0], bLeft = b[0];
        bool aIn = false, bIn = false, value = false;
        int i = 1, j = 1;
        uint run = 0;
        do
        {
            uint step = Math.Min(aLeft, bLeft);
            run += step;
            left -= step;
            aLeft -= step;
            if (aLeft == 0 && i < a.Length)
            {
                aLeft = a[i++];
                aIn = !aIn;
            }
            bLeft -= step;
            if (bLeft == 0 && j < b.Length)
            {
                bLeft = b[j++];
                bIn = !bIn;
            }
            bool previous = value;
            value = intersect ? aIn && bIn : aIn || bIn;
            if (value != previous || left == 0)
            {
                merged.Add(run);
                run = 0;
            }
        }
        while (left > 0);
        return [.. merged];
    }
}
