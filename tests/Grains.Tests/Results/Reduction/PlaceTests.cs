using System.Globalization;
using System.Text;
using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Parts;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

/// <summary>What the workers' writer makes, the reducer takes.</summary>
public class PlaceTests
{
    [Fact]
    public async Task A_row_of_the_index_leads_to_the_images_JSON_and_thumbnail()
    {
        TestImage[] images = [.. Enumerable.Range(0, 20).Select(i => new TestImage($"{i:D3}/{(i % 3 == 0 ? new string('ü', 60) : "x")}.png", i + 1, null, false, [], []))];
        var job = new TestJob(images, [8, 12], annotated: false);
        foreach (string name in job.Names("").Where(n => n.StartsWith(JobLayout.Commits, StringComparison.Ordinal) || n.StartsWith(JobLayout.Parts, StringComparison.Ordinal))) job.Delete(name);
        foreach ((string shard, int first, int count) in ((string, int, int)[])[("00000000", 0, 8), ("00000001", 8, 12)])
        {
            await using var writer = new ShardWriter(job.Store, job.Job, new ShardRange(shard, 0, first, count), "attempt", new ShardWriterOptions { Worker = "worker" });
            foreach (TestImage image in images[first..(first + count)]) await writer.AddAsync(Encoded(image), default);
            Assert.Equal(CommitOutcome.Mine, await writer.CommitAsync(await writer.FinishAsync(default), default));
        }
        job.Reduce();
        using JsonDocument page = JsonDocument.Parse(job.Text("index/00000000.json"));
        foreach ((JsonElement row, TestImage image) in page.RootElement.GetProperty("rows").EnumerateArray().Zip(images))
        {
            Assert.Equal("JSON of " + image.Name, Place(job.Result("masks.tar"), row));
            JsonElement thumbnail = row.GetProperty("thumbnail");
            Assert.Equal("JPEG of " + image.Name, Place(job.Result($"thumbnails/{thumbnail.GetProperty("pack").GetInt32().ToString("D5", CultureInfo.InvariantCulture)}.tar"), thumbnail));
        }
        using JsonDocument timings = JsonDocument.Parse(job.Text("timings.json"));
        Assert.Equal(["decode", "encode", "infer", "read"], timings.RootElement.GetProperty("stages").EnumerateObject().Select(s => s.Name));
        Assert.Equal(.25, timings.RootElement.GetProperty("stages").GetProperty("decode").GetProperty("mean").GetDouble(), 9);
    }

    private static string Place(byte[] archive, JsonElement place) => Encoding.UTF8.GetString(archive, (int)place.GetProperty("offset").GetInt64(), place.GetProperty("length").GetInt32());

    private static EncodedImage Encoded(TestImage image) => new()
    {
        Image = new ListedImage(image.Name, 1, "tag", image.Id), Width = 4, Height = 3, Timings = new ImageTimings(1, 250, 3),
        Json = Encoding.UTF8.GetBytes("JSON of " + image.Name), Thumbnail = Encoding.UTF8.GetBytes("JPEG of " + image.Name),
    };
}
