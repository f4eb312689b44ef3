using MaskRcnn.Detection.Boxes;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>Greedy non-maximum suppression by tensor operators: exactly <see cref="NonMaximumSuppression.Run"/>'s boxes.</summary>
/// <remarks>
/// A box stays when no better box that stays overlaps it. With the boxes in order, that is one equation a box; all are
/// evaluated together, from "all stay", until nothing changes. Pass t settles every box that t others precede in a
/// chain of overlaps, so it ends, and with the greedy answer: the equations have no other. Real boxes need 4 to 7.
/// <para>
/// Groups are compared by their own coordinates at every count. (torchvision shifts the boxes of up to 1000, on CUDA
/// of up to 20 000 or more, which rounds them and may decide a pair at the threshold differently.)
/// </para>
/// </remarks>
internal static class TensorSuppression
{
    /// <summary>Elements of a matrix of overlaps: 64 MiB each; three exist at a time.</summary>
    private const int MatrixElements = 1 << 24;

    private const int SmallestBlock = 64;

    /// <summary>Passes between looking whether anything changes, for which the host waits.</summary>
    private const int PassesPerLook = 4;

    /// <summary>Which boxes stay.</summary>
    /// <param name="boxes">(B, n, 4): B independent lists, best first.</param>
    /// <param name="groups">(B, n), integers: boxes of different groups do not suppress each other; null when all are of one.</param>
    /// <param name="candidates">(B, n), Boolean: the others neither stay nor suppress.</param>
    /// <param name="threshold">IoU above which a box is suppressed.</param>
    /// <param name="enough">Boxes wanted of each list; those after them need not be right.</param>
    /// <param name="block">Boxes of a list that are compared at once; 0: as many as memory allows.</param>
    /// <returns>(B, n), Boolean.</returns>
    public static torch.Tensor Keep(torch.Tensor boxes, torch.Tensor? groups, torch.Tensor candidates, double threshold, int enough = int.MaxValue, int block = 0)
    {
        int lists = (int)boxes.shape[0], count = (int)boxes.shape[1];
        torch.Tensor keep = candidates.clone();
        if (block == 0)
            block = Math.Max((int)Math.Sqrt(MatrixElements / Math.Max(lists, 1)), SmallestBlock);
        for (int first = 0; first < count; first += block)
        {
            using var scope = torch.NewDisposeScope();
            int length = Math.Min(block, count - first);
            torch.Tensor alive = keep.narrow(1, first, length);
            for (int earlier = 0; earlier < first; earlier += block)
            {
                using torch.Tensor overlaps = Overlaps(boxes, groups, (earlier, block), (first, length), threshold);
                using torch.Tensor suppressed = Suppressed(keep.narrow(1, earlier, block), overlaps);
                alive.bitwise_and_(suppressed.bitwise_not_());
            }

            using torch.Tensor own = Overlaps(boxes, groups, (first, length), (first, length), threshold);
            alive.copy_(Settle(alive, own.triu_(1)));
            if (first + length < count && AllHave(keep.narrow(1, 0, first + length), enough))
            {
                keep.narrow(1, first + length, count - first - length).zero_();
                break;
            }
        }

        return keep;
    }

    /// <summary>The boxes of a block that stay, given those that earlier blocks leave.</summary>
    private static torch.Tensor Settle(torch.Tensor alive, torch.Tensor overlaps)
    {
        torch.Tensor current = alive.clone();
        // A chain of n boxes needs n passes.
        for (long passes = 0; passes <= alive.shape[1]; passes += PassesPerLook)
        {
            torch.Tensor previous = current;
            for (int pass = 0; pass < PassesPerLook; pass++)
            {
                previous = current;
                using torch.Tensor suppressed = Suppressed(previous, overlaps);
                current = suppressed.bitwise_not_().bitwise_and(alive);
            }

            using torch.Tensor different = current.ne(previous), any = different.any(), host = any.cpu();
            if (!host.item<bool>())
                return current;
        }

        return current;
    }

    /// <summary>Whether a box that stays overlaps: (B, n) and (B, n, m) to (B, m). A sum of zeros and ones, in any precision.</summary>
    private static torch.Tensor Suppressed(torch.Tensor keep, torch.Tensor overlaps)
    {
        using torch.Tensor one = keep.unsqueeze(1), row = one.to(torch.float32), sum = torch.bmm(row, overlaps), flat = sum.squeeze(1);
        return flat.gt(0);
    }

    /// <summary>1 where boxes of two ranges have an IoU above the threshold and are of one group, (B, n, m), single precision.</summary>
    private static torch.Tensor Overlaps(torch.Tensor boxes, torch.Tensor? groups, (int First, int Count) above, (int First, int Count) below, double threshold)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] a = Corners(boxes, above, 2), b = Corners(boxes, below, 1);
        torch.Tensor areaA = (a[2] - a[0]).mul_(a[3] - a[1]), areaB = (b[2] - b[0]).mul_(b[3] - b[1]);
        torch.Tensor intersection = Length(a[0], a[2], b[0], b[2]);
        using (torch.Tensor height = Length(a[1], a[3], b[1], b[3]))
            intersection.mul_(height);
        using (torch.Tensor union = areaA + areaB)
        {
            union.sub_(intersection);
            intersection.div_(union);
        }

        using torch.Tensor over = intersection.gt(SinglePrecision.LargestNotAbove(threshold));
        if (groups is not null)
        {
            using torch.Tensor same = groups.narrow(1, above.First, above.Count).unsqueeze(2).eq(groups.narrow(1, below.First, below.Count).unsqueeze(1));
            over.bitwise_and_(same);
        }

        // The memory of the IoUs, which are no longer needed.
        return intersection.copy_(over).MoveToOuterDisposeScope();
    }

    private static torch.Tensor[] Corners(torch.Tensor boxes, (int First, int Count) range, long dimension)
    {
        torch.Tensor own = boxes.narrow(1, range.First, range.Count);
        return [.. Enumerable.Range(0, 4).Select(corner => own.select(-1, corner).unsqueeze(dimension))];
    }

    /// <summary>The length that two ranges share, at least 0.</summary>
    private static torch.Tensor Length(torch.Tensor lowA, torch.Tensor highA, torch.Tensor lowB, torch.Tensor highB)
    {
        torch.Tensor end = torch.minimum(highA, highB);
        using torch.Tensor start = torch.maximum(lowA, lowB);
        return end.sub_(start).clamp_min_(0);
    }

    private static bool AllHave(torch.Tensor keep, int enough)
    {
        if (enough >= keep.shape[1])
            return false;
        using torch.Tensor counts = keep.sum(1);
        return DeviceTransfer.Integers(counts).All(count => count >= enough);
    }
}
