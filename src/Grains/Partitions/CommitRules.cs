using System.Globalization;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Partitions;

/// <summary>What a commit record has to say to be one of its shard, and the records that partitions write.</summary>
internal static class CommitRules
{
    /// <exception cref="DocumentException">The record is not on these images, or contradicts itself.</exception>
    public static void Check(ShardRange shard, CommitRecord record)
    {
        if (record.Segment != shard.Segment || record.First != shard.First || record.Count != shard.Count)
            throw Problem(shard, $"it is on {record.Count} images from {record.First} of segment {record.Segment}; expected {shard.Count} from {shard.First} of segment {shard.Segment}");
        if (record.Children is { } children)
        {
            if (children.Count < 2 || children.Any(child => child < 1) || children.Sum(child => (long)child) != shard.Count)
                throw Problem(shard, $"its children have {string.Join(" + ", children)} images; expected two or more children that sum to {shard.Count}");
        }
        else if (record.Done < 0 || record.Failed < 0 || (long)record.Done + record.Failed != shard.Count)
        {
            throw Problem(shard, $"{record.Done} images are done and {record.Failed} failed; expected a sum of {shard.Count}");
        }
    }

    /// <summary>A record that gives the images of a shard that its workers do not survive to two children.</summary>
    public static CommitRecord Split(ShardRange shard, string attempt) => Split(shard, attempt, (shard.Count + 1) / 2);

    /// <summary>A record that gives a shard's images to two children: what its worker has finished, as it leaves, and the rest.</summary>
    public static CommitRecord Leave(ShardRange shard, string attempt, int finished, RunDetails run) => Split(shard, attempt, finished) with { Run = run };

    /// <summary>A record that gives a shard's images to several children of about the same size.</summary>
    public static CommitRecord Divide(ShardRange shard, string attempt, int pieces) => Split(shard, attempt, 1) with
    {
        IsDivision = true,
        Children = [.. Enumerable.Range(0, pieces).Select(i => shard.Count / pieces + (i < shard.Count % pieces ? 1 : 0))],
    };

    /// <summary>A record that gives an image up.</summary>
    public static CommitRecord GiveUp(ShardRange shard, string attempt, string imageName) => new()
    {
        Shard = shard.Id,
        Segment = shard.Segment,
        First = shard.First,
        Count = shard.Count,
        Attempt = attempt,
        Failed = 1,
        GivenUp = new ImageError(imageName, JobLayout.ShardId(shard.Planned), ImageErrorCauses.Poisonous,
            "Workers died each time it was the only image in flight; expected that one survives it. Try it alone with 'maskrcnn predict'."),
    };

    private static CommitRecord Split(ShardRange shard, string attempt, int first) => new()
    {
        Shard = shard.Id,
        Segment = shard.Segment,
        First = shard.First,
        Count = shard.Count,
        Attempt = attempt,
        Children = [first, shard.Count - first],
    };

    private static DocumentException Problem(ShardRange shard, FormattableString reason) =>
        new(JobLayout.Commit(shard.Id), reason.ToString(CultureInfo.InvariantCulture));
}
