using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Storage.Memory;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Grains.Tests.Results.Parts;

/// <summary>Parts as independent readers see them.</summary>
public sealed class ShardWriterTests
{
    private readonly MemoryBlobStore _store = new();

    [Fact]
    public async Task What_is_before_the_first_image_is_not_of_the_attempts_time()
    {
        var time = new FakeTimeProvider();
        await using var writer = new ShardWriter(_store, SampleShard.Job(), SampleShard.Range(1), "a1", SampleShard.Options with { Time = time });
        time.Advance(TimeSpan.FromMinutes(1)); // loads the model
        DateTimeOffset began = time.GetUtcNow();
        writer.Begin();
        time.Advance(TimeSpan.FromSeconds(7));
        await writer.AddAsync(SampleShard.Failed("a.png"), default);
        CommitRecord record = await writer.FinishAsync(default);
        Assert.Equal((began, began + TimeSpan.FromSeconds(7)), (record.Run!.Started, record.Run.Finished));
    }

    [Fact]
    public async Task The_parts_hold_each_image_once_in_order()
    {
        JobDocument job = SampleShard.Job(png: true, thumbnails: true);
        EncodedImage[] images = Images(job, 7, failed: [2, 5]);
        (CommitRecord record, Dictionary<string, byte[]> parts) = await SampleShard.WriteAsync(_store, job, images);

        Assert.Equal(["detections.json", "errors.jsonl", "index.jsonl", "masks.tar", "thumbnails.tar", "timings.jsonl"], parts.Keys);
        Assert.Equal(("00000003", 0, 10L, 7, "a1", 5, 2), (record.Shard, record.Segment, record.First, record.Count, record.Attempt, record.Done, record.Failed));
        Assert.Equal(images.Sum(i => i.Instances), record.Detections);
        Assert.Equal("w", record.Run!.Worker);

        Dictionary<string, byte[]> masks = Entries(parts["masks.tar"]), thumbnails = Entries(parts["thumbnails.tar"]);
        EncodedImage[] good = [.. images.Where(i => i.Error is null)];
        Assert.Equal(good.SelectMany(i => new[] { i.Image.Name + ".json", i.Image.Name + ".png" }), masks.Keys);
        Assert.Equal(good.Select(i => i.Image.Name + ".jpg"), thumbnails.Keys);
        JsonElement[] index = SampleShard.JsonLines(parts["index.jsonl"]);
        Assert.Equal(images.Select(i => i.Image.Name), index.Select(l => l.GetProperty("image").GetString()));
        foreach ((EncodedImage image, JsonElement line) in images.Zip(index))
        {
            Assert.Equal(image.Image.Id, line.GetProperty("id").GetInt64());
            if (image.Error is not null)
            {
                Assert.Equal(["image", "id", "cause"], line.EnumerateObject().Select(p => p.Name));
                Assert.Equal("empty", line.GetProperty("cause").GetString());
                continue;
            }
            Assert.Equal((image.Width, image.Height, image.Instances), (line.GetProperty("width").GetInt32(), line.GetProperty("height").GetInt32(), line.GetProperty("instances").GetInt32()));
            Assert.Equal(masks[image.Image.Name + ".json"], Range(parts["masks.tar"], line));
            Assert.Equal(thumbnails[image.Image.Name + ".jpg"], Range(parts["thumbnails.tar"], line.GetProperty("thumbnail")));
            Assert.False(line.TryGetProperty("matches", out _));
            Assert.Equal(image.Instances > 0, line.TryGetProperty("bestScore", out JsonElement best));
            if (image.Instances > 0) Assert.Equal(image.BestScore, best.GetSingle());
        }
        JsonElement[] errors = SampleShard.JsonLines(parts["errors.jsonl"]);
        Assert.Equal(images.Where(i => i.Error is not null).Select(i => i.Image.Name), errors.Select(l => l.GetProperty("image").GetString()));
        Assert.All(errors, e => Assert.Equal(["image", "shard", "cause", "detail"], e.EnumerateObject().Select(p => p.Name)));
        JsonElement[] timings = SampleShard.JsonLines(parts["timings.jsonl"]);
        Assert.Equal(7, timings.Length);
        Assert.Equal(["image", "bytes", "readMs", "decodeMs", "inferMs", "encodeMs"], timings[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal((1000, 2.25), (timings[0].GetProperty("bytes").GetInt64(), timings[0].GetProperty("decodeMs").GetDouble()));
        JsonElement[] detections = [.. JsonDocument.Parse("[" + Encoding.UTF8.GetString(parts["detections.json"])[1..] + "]").RootElement.EnumerateArray()];
        Assert.Equal(good.SelectMany(i => Enumerable.Repeat(i.Image.Id!.Value, i.Instances)), detections.Select(d => d.GetProperty("image_id").GetInt64()));
        string[] lines = Encoding.UTF8.GetString(parts["detections.json"]).Split(",\n");
        Assert.Equal(("", detections.Length), (lines[0], lines.Length - 1));
    }

    [Fact]
    public async Task What_is_empty_is_not_written()
    {
        JobDocument job = SampleShard.Job();
        var encoder = new ImageEncoder(job);
        EncodedImage nothing = encoder.Encode(SampleShard.Image("a"), SampleShard.Range(1), SampleShard.Detections(new Random(1), 0), SampleShard.Pixels(), SampleShard.Timings);
        (CommitRecord record, Dictionary<string, byte[]> parts) = await SampleShard.WriteAsync(_store, job, [nothing]);
        Assert.Equal(["index.jsonl", "masks.tar", "timings.jsonl"], parts.Keys);
        Assert.Equal((1, 0, 0L), (record.Done, record.Failed, record.Detections));
        Assert.Equal(1024, parts["masks.tar"].Length);
    }

    [Fact]
    public async Task A_shard_of_failed_images_has_errors_and_no_archive()
    {
        (CommitRecord record, Dictionary<string, byte[]> parts) = await SampleShard.WriteAsync(_store, SampleShard.Job(thumbnails: true), [SampleShard.Failed("a"), SampleShard.Failed("b", 2)]);
        Assert.Equal(["errors.jsonl", "index.jsonl", "timings.jsonl"], parts.Keys);
        Assert.Equal((0, 2), (record.Done, record.Failed));
    }

    [Fact]
    public async Task Images_without_an_id_have_no_detections_line_and_no_id_in_the_index()
    {
        JobDocument job = SampleShard.Job();
        EncodedImage image = new ImageEncoder(job).Encode(SampleShard.Image("a", id: null), SampleShard.Range(1), SampleShard.Detections(new Random(1), 3), null, SampleShard.Timings);
        (CommitRecord record, Dictionary<string, byte[]> parts) = await SampleShard.WriteAsync(_store, job, [image]);
        Assert.Equal(["index.jsonl", "masks.tar", "timings.jsonl"], parts.Keys);
        Assert.Equal(3, record.Detections);
        Assert.False(SampleShard.JsonLines(parts["index.jsonl"])[0].TryGetProperty("id", out _));
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(Entries(parts["masks.tar"])["a.json"]).RootElement.GetProperty("id").ValueKind);
    }

    [Fact]
    public async Task Parts_do_not_depend_on_the_attempt_except_for_times()
    {
        JobDocument job = SampleShard.Job(png: true, thumbnails: true);
        (_, Dictionary<string, byte[]> first) = await SampleShard.WriteAsync(_store, job, Images(job, 6, [1]), attempt: "a1");
        (_, Dictionary<string, byte[]> second) = await SampleShard.WriteAsync(_store, job, Images(job, 6, [1]), attempt: "a2");
        foreach (string part in first.Keys.Where(k => k != "timings.jsonl")) Assert.Equal(first[part], second[part]);
    }

    [Fact]
    public async Task Large_parts_leave_through_a_stream_and_are_the_same_bytes()
    {
        JobDocument job = SampleShard.Job(thumbnails: true);
        var faulty = new FaultyStore(_store);
        byte[] large = new byte[700_000];
        new Random(4).NextBytes(large);
        EncodedImage[] images = [.. Images(job, 9, []).Select(i => i with { Json = large, Thumbnail = large.AsMemory(0, 300_000) })];
        (_, Dictionary<string, byte[]> parts) = await SampleShard.WriteAsync(faulty, job, images);
        Assert.Equal(2, faulty.Streams);
        Dictionary<string, byte[]> masks = Entries(parts["masks.tar"]);
        foreach ((EncodedImage image, JsonElement line) in images.Zip(SampleShard.JsonLines(parts["index.jsonl"])))
        {
            Assert.Equal(large, masks[image.Image.Name + ".json"]);
            Assert.Equal(large, Range(parts["masks.tar"], line));
            Assert.Equal(large[..300_000], Range(parts["thumbnails.tar"], line.GetProperty("thumbnail")));
        }
    }

    [Fact]
    public async Task Images_out_of_order_too_many_or_too_few_are_refused()
    {
        await using var writer = new ShardWriter(_store, SampleShard.Job(), SampleShard.Range(2), "a1", SampleShard.Options);
        await writer.AddAsync(SampleShard.Failed("b"), default);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.AddAsync(SampleShard.Failed("b"), default));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.AddAsync(SampleShard.Failed("a"), default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.FinishAsync(default));
        await writer.AddAsync(SampleShard.Failed("c"), default);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.AddAsync(SampleShard.Failed("d"), default));
        Assert.Equal(2, (await writer.FinishAsync(default)).Failed);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.FinishAsync(default));
    }

    [Fact]
    public void A_job_with_annotations_needs_the_ground_truth() =>
        Assert.Contains("segment 0", Assert.Throws<ArgumentException>(() => new ShardWriter(_store, SampleShard.Job(annotations: true), SampleShard.Range(1), "a1", SampleShard.Options)).Message, StringComparison.Ordinal);

    private static EncodedImage[] Images(JobDocument job, int count, int[] failed)
    {
        var encoder = new ImageEncoder(job);
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(i => failed.Contains(i)
            ? SampleShard.Failed($"s/{i} 細.png", i + 1)
            : encoder.Encode(SampleShard.Image($"s/{i} 細.png", i + 1), SampleShard.Range(count), SampleShard.Detections(random, i), SampleShard.Pixels(), SampleShard.Timings))];
    }

    private static Dictionary<string, byte[]> Entries(byte[] fragment)
    {
        var entries = new Dictionary<string, byte[]>();
        using var reader = new TarReader(new MemoryStream([.. fragment, .. new byte[1024]]));
        while (reader.GetNextEntry() is { } entry)
        {
            var data = new MemoryStream();
            entry.DataStream?.CopyTo(data);
            entries.Add(entry.Name, data.ToArray());
        }
        return entries;
    }

    private static byte[] Range(byte[] part, JsonElement place) => part.AsSpan((int)place.GetProperty("offset").GetInt64(), place.GetProperty("length").GetInt32()).ToArray();
}
