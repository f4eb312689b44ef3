using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Faults;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class ComposedFilesTests
{
    private static readonly TestImage[] Images = TestImage.Random(30, 1, annotated: true);

    [Fact]
    public void Of_files_that_the_store_puts_together_the_manifest_has_the_hashes_of_the_pieces()
    {
        TestJob job = NewJob();
        job.Reduce();
        JsonElement[] files = [.. JsonDocument.Parse(job.Text("manifest.json")).RootElement.GetProperty("files").EnumerateArray()];
        foreach (JsonElement file in files)
        {
            string name = file.GetProperty("name").GetString()!;
            byte[] content = job.Result(name);
            Assert.Equal(content.Length, file.GetProperty("size").GetInt64());
            Assert.Equal(job.ETag(JobLayout.Result + name), file.GetProperty("etag").GetString());
            if (name is not ("masks.tar" or "detections.json"))
            {
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), file.GetProperty("sha256").GetString());
                Assert.False(file.TryGetProperty("pieces", out _));
                continue;
            }
            Assert.False(file.TryGetProperty("sha256", out _));
            int start = 0;
            foreach (JsonElement piece in file.GetProperty("pieces").EnumerateArray())
            {
                int size = piece.GetProperty("size").GetInt32();
                byte[] cut = piece.TryGetProperty("cut", out JsonElement text) ? Encoding.UTF8.GetBytes(text.GetString()!) : [];
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. cut, .. content[start..(start + size)]])), piece.GetProperty("sha256").GetString());
                start += size;
            }
            Assert.Equal(content.Length, start);
            // The archive's end; the brackets and the first detection's comma.
            int shards = job.Records.Count(r => r.Parts.Any(p => p.Name.EndsWith(name, StringComparison.Ordinal)));
            Assert.Equal(shards + (name == "masks.tar" ? 1 : 2), file.GetProperty("pieces").GetArrayLength());
        }
    }

    [Fact]
    public void No_byte_of_them_is_read()
    {
        TestJob job = NewJob();
        List<string> read = [];
        // Its own composing is the store's, not this one's: the plan sees only what the reducer asks for.
        job.Reduce(new FaultyBlobStore(job.Store, (operation, name) =>
        {
            if (operation is FaultyBlobStore.Read or FaultyBlobStore.OpenRead) lock (read) read.Add(name);
            return null;
        }));
        Assert.Contains(read, name => name.EndsWith("index.jsonl", StringComparison.Ordinal));
        Assert.DoesNotContain(read, name => name.EndsWith("masks.tar", StringComparison.Ordinal) || name.EndsWith("detections.json", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("masks.tar")]
    [InlineData("detections.json")]
    public void A_part_that_is_not_the_committed_one_is_named(string part)
    {
        TestJob replaced = NewJob();
        string name = replaced.Records.Last(r => r.Parts.Any(p => p.Name.EndsWith(part, StringComparison.Ordinal))).Parts.Single(p => p.Name.EndsWith(part, StringComparison.Ordinal)).Name;
        replaced.Replace(name, replaced.Read(name));
        Assert.Contains(name + ": it has changed", Assert.Throws<ReductionException>(() => replaced.Reduce()).Message, StringComparison.Ordinal);

        TestJob gone = NewJob();
        gone.Delete(name);
        Assert.Contains(name + ": it does not exist", Assert.Throws<ReductionException>(() => gone.Reduce()).Message, StringComparison.Ordinal);

        TestJob longer = NewJob();
        CommitRecord record = longer.Records.Single(r => r.Parts.Any(p => p.Name == name));
        longer.Replace(JobLayout.Commit(record.Shard), DocumentJson.Write(record with { Parts = [.. record.Parts.Select(p => p.Name == name ? p with { Size = p.Size + 512 } : p)] }));
        Assert.Contains("bytes; expected", Assert.Throws<ReductionException>(() => longer.Reduce()).Message, StringComparison.Ordinal);
        Assert.Empty(longer.Names(JobLayout.Manifest));
    }

    [Fact]
    public void A_file_that_something_else_wrote_is_an_error_that_names_it()
    {
        TestJob job = NewJob();
        job.Put("result/masks.tar", "something else"u8.ToArray());
        Assert.Contains("result/masks.tar is there already", Assert.Throws<ReductionException>(() => job.Reduce()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.AnswerLost)]
    [InlineData(FaultKind.RequestLost)]
    [InlineData(FaultKind.AnswerLostThenFound)]
    public void A_lost_answer_is_asked_for_again(FaultKind kind)
    {
        TestJob job = NewJob();
        job.Reduce(new FaultyBlobStore(job.Store, FaultPlans.Once(FaultyBlobStore.Compose, "result/", 1, kind)));
        Assert.NotEmpty(job.Names(JobLayout.Manifest));
    }

    [Fact]
    public void What_nobody_knows_is_a_fault_of_the_store_and_reduced_again()
    {
        TestJob job = NewJob();
        var faulty = new FaultyBlobStore(job.Store, (operation, _) => operation == FaultyBlobStore.Compose ? new Fault(FaultKind.RequestLost) : null);
        Assert.Contains("Reduce again", Assert.Throws<BlobException>(() => job.Reduce(faulty)).Message, StringComparison.Ordinal);
        job.Reduce();
        Assert.NotEmpty(job.Names(JobLayout.Manifest));
    }

    private static TestJob NewJob() => new(Images, [10, 5, 15], splitSeed: 3, composes: true);
}
