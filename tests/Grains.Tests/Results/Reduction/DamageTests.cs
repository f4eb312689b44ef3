using System.Text;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class DamageTests
{
    private static readonly TestImage[] Images = TestImage.Random(12, 6, annotated: true);

    [Fact]
    public void A_damaged_part_of_any_kind_is_found_and_named()
    {
        TestJob job = NewJob();
        foreach (PartReference part in job.Records.SelectMany(r => r.Parts).DistinctBy(p => p.Name.Split('/')[^1]))
        {
            TestJob damaged = NewJob();
            PartReference changed = WithOtherBytes(damaged, part.Name, bytes => bytes[^1] ^= 1);
            string message = Fail(damaged);
            Assert.Contains(changed.Name, message, StringComparison.Ordinal);
            Assert.Contains("is damaged", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_part_that_was_replaced_or_is_gone_is_found_and_named()
    {
        TestJob replaced = NewJob();
        string name = replaced.Records.First(r => r.Parts.Count > 0).Parts.First(p => p.Name.EndsWith("masks.tar", StringComparison.Ordinal)).Name;
        replaced.Replace(name, replaced.Read(name));
        Assert.Contains(name + ": it has changed", Fail(replaced), StringComparison.Ordinal);

        TestJob gone = NewJob();
        gone.Delete(name);
        Assert.Contains(name + ": it does not exist", Fail(gone), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_commit_is_found_and_named()
    {
        foreach (string shard in NewJob().Records.Select(r => r.Shard))
        {
            TestJob job = NewJob();
            job.Delete(JobLayout.Commit(shard));
            Assert.Contains($"Shard {shard} has no result", Fail(job), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Gaps_and_overlaps_are_found_and_the_shards_named()
    {
        Assert.Contains("holds shard 00000001, images 6 to 12", FailWith(r => r.Shard == "00000001", r => r with { First = 6 }), StringComparison.Ordinal);
        Assert.Contains("expected shard 00000001, images 5 to 11 of segment 0, after shard 00000000", FailWith(r => r.Shard == "00000001", r => r with { First = 4, Count = 8 }), StringComparison.Ordinal);
        Assert.Contains("holds shard 00000000, images 0 to 3", FailWith(r => r.Shard == "00000000", r => r with { Count = 4 }), StringComparison.Ordinal);
        Assert.Contains("children", FailWith(r => r.Children is not null, r => r with { Children = [r.Count] , Parts = NewJob().Records.First(x => x.Parts.Count > 0).Parts }), StringComparison.Ordinal);
        Assert.Contains("children of 1 + 1", FailWith(r => r.Children is not null && r.Count > 2, r => r with { Children = [1, 1] }), StringComparison.Ordinal);
        Assert.Contains("99 failed", FailWith(r => r.Parts.Count > 0, r => r with { Failed = 99 }), StringComparison.Ordinal);
        Assert.Contains("names the part other/place", FailWith(r => r.Parts.Count > 0, r => r with { Parts = [r.Parts[0] with { Name = "other/place" }] }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_listing_must_agree_with_its_segments()
    {
        TestJob job = NewJob();
        job.Replace(JobLayout.Listing, DocumentJson.Write(new ListingDocument { Segments = 1, Shards = 2, Images = 13, Bytes = 1 }));
        Assert.Contains("12 images in 2 shards; listing.json counts 13 images in 2 shards", Fail(job), StringComparison.Ordinal);
        job.Delete(JobLayout.Listing);
        Assert.Contains("listing.json: it does not exist", Fail(job), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("masks.tar", "not blocks", "expected a multiple of 512")]
    [InlineData("thumbnails.tar", "no tar", "ends within an entry")]
    [InlineData("errors.jsonl", "{\"image\":1}\n", "is not as it was written")]
    [InlineData("errors.jsonl", "no line's end", "does not end with a line's end")]
    [InlineData("index.jsonl", "", "rows; expected one for each")]
    [InlineData("index.jsonl", "{\"image\":\"a\",\"offset\":0,\"length\":99999999}\n", "are not within masks.tar")]
    [InlineData("index.jsonl", "{\"no\":1}\n", "a row that is not as expected")]
    [InlineData("index.jsonl", "{\"image\":\"b\"}\n{\"image\":\"a\"}\n", "expected names in ordinal order")]
    [InlineData("timings.jsonl", "[]\n", "a line that is not as expected")]
    [InlineData("bbox.eval", "no evaluation", "bbox.eval: the footer is damaged")]
    public void A_part_that_was_written_wrong_is_an_error_that_names_it(string part, string content, string expected)
    {
        TestJob job = NewJob();
        CommitRecord record = job.Records.First(r => r.Parts.Any(p => p.Name.EndsWith(part, StringComparison.Ordinal)) && r.Count > 1);
        PartReference reference = record.Parts.First(p => p.Name.EndsWith(part, StringComparison.Ordinal));
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        job.Replace(reference.Name, bytes);
        PartReference changed = reference with
        {
            ETag = job.ETag(reference.Name), Size = bytes.Length, Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
        };
        job.Replace(JobLayout.Commit(record.Shard), DocumentJson.Write(record with { Parts = [.. record.Parts.Select(p => p == reference ? changed : p).Where(p => p.Size > 0)] }));
        string message = Fail(job);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(record.Shard, message, StringComparison.Ordinal);
    }

    private static TestJob NewJob() => new(Images, [5, 7], splitSeed: 1);

    private static string Fail(TestJob job)
    {
        string message = Assert.Throws<ReductionException>(() => job.Reduce()).Message;
        Assert.Empty(job.Names(JobLayout.Manifest));
        return message;
    }

    private static string FailWith(Func<CommitRecord, bool> which, Func<CommitRecord, CommitRecord> change)
    {
        TestJob job = NewJob();
        CommitRecord record = job.Records.Last(which);
        job.Replace(JobLayout.Commit(record.Shard), DocumentJson.Write(change(record)));
        return Fail(job);
    }

    /// <summary>Other bytes behind the same ETag: what a disk that lies gives.</summary>
    private static PartReference WithOtherBytes(TestJob job, string name, Action<byte[]> change)
    {
        CommitRecord record = job.Records.First(r => r.Parts.Any(p => p.Name == name));
        byte[] bytes = job.Read(name);
        change(bytes);
        job.Replace(name, bytes);
        job.Replace(JobLayout.Commit(record.Shard), DocumentJson.Write(record with { Parts = [.. record.Parts.Select(p => p.Name == name ? p with { ETag = job.ETag(name) } : p)] }));
        return record.Parts.First(p => p.Name == name);
    }
}
