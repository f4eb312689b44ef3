using CsCheck;
using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Coco.Tests.Evaluation.Instances;

/// <summary>The assignment against trying every possibility.</summary>
public sealed class AssignmentTests
{
    private static readonly Gen<List<Pair>> Pairs =
        from cells in Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5], Gen.Int[50, 100]).Array[0, 14]
        select cells.DistinctBy(c => (c.Item1, c.Item2)).Select(c => new Pair(c.Item1, c.Item2, c.Item3 / 100.0)).ToList();

    [Fact]
    public void The_most_pairs_are_matched_and_of_those_the_ones_with_the_largest_IoU() => Pairs.Sample(pairs =>
    {
        int[] matched = Assignment.Solve(pairs, 5);

        List<Pair> chosen = [.. pairs.Where(p => matched[p.Detection] == p.Object)];
        Assert.Equal(matched.Count(o => o >= 0), chosen.Count);
        Assert.Equal(chosen.Count, chosen.Select(p => p.Object).Distinct().Count());
        (int count, double sum) = Best(pairs, 0, [], []);
        Assert.Equal(count, chosen.Count);
        Assert.Equal(sum, chosen.Sum(p => p.Iou), 1e-9);
    }, iter: 2000);

    [Fact]
    public void A_chain_is_matched_by_giving_up_its_best_pair()
    {
        // Greedy matching would take the pair of IoU 0.9 and leave two objects without a partner.
        int[] matched = Assignment.Solve([new Pair(0, 0, .6), new Pair(0, 1, .9), new Pair(1, 1, .6)], 2);
        Assert.Equal([0, 1], matched);
    }

    private static (int Count, double Sum) Best(List<Pair> pairs, int next, HashSet<int> detections, HashSet<int> objects)
    {
        if (next == pairs.Count) return (0, 0);
        (int Count, double Sum) best = Best(pairs, next + 1, detections, objects);
        Pair pair = pairs[next];
        if (detections.Contains(pair.Detection) || objects.Contains(pair.Object)) return best;
        (int count, double sum) = Best(pairs, next + 1, [.. detections, pair.Detection], [.. objects, pair.Object]);
        return (count + 1, sum + pair.Iou).CompareTo(best) > 0 ? (count + 1, sum + pair.Iou) : best;
    }
}
