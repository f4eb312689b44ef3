using System.Text;
using System.Text.Json;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Tests.Results.Parts;

/// <summary>A job, and images with random detections.</summary>
internal static class SampleShard
{
    public const int Width = 40, Height = 30;

    public static readonly ImageTimings Timings = new(1.5, 2.25, 3);

    public static JobDocument Job(bool annotations = false, bool png = false, bool thumbnails = false, IReadOnlyList<int>? limits = null, params string[] iouTypes) => new()
    {
        Job = "j",
        Name = "j",
        Created = DateTimeOffset.UnixEpoch,
        Output = "memory:",
        Specification = new JobSpecification
        {
            Images = "i", Model = "m", Output = "o", Annotations = annotations ? "a" : null, Png = png, Thumbnails = thumbnails, EvaluationLimits = limits,
        },
        Model = new ModelDocument("m", "e", 1, "00", "tiny", iouTypes.Length > 0 ? iouTypes : ["bbox", "segm"]),
        ShardSize = new ShardSize(100, 1 << 20),
        Categories = [new CategoryDocument(1, 11, "nucleus"), new CategoryDocument(2, 22, "Zelle \"ß\"")],
        EvaluatedCategories = annotations ? [new CategoryDocument(0, 11, "nucleus"), new CategoryDocument(0, 22, "Zelle")] : [],
    };

    public static ShardRange Range(int count, string id = "00000003") => new(id, 0, 10, count);

    public static ListedImage Image(string name, long? id = 1) => new(name, 1000, "etag", id);

    public static ImageDetections Detections(Random random, int count, bool keypoints = false) => new(Width, Height,
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            byte[] mask = new byte[Width * Height];
            int x = random.Next(Width - 10), y = random.Next(Height - 10);
            for (int row = y; row < y + 10; row++) mask.AsSpan(row * Width + x, 10).Fill(1);
            return new DetectedInstance
            {
                Label = random.Next(1, 3),
                Score = 1 - (i + random.NextSingle()) / (count + 1),
                Box = new Box(x + random.NextSingle(), y, x + 10, y + 10 - random.NextSingle() * 1e-3f),
                Mask = RleDense.Encode(mask, Height, Width),
                Keypoints = keypoints ? [.. Enumerable.Range(0, 51).Select(_ => random.NextSingle() * 10)] : null,
            };
        }),
    ]);

    public static RgbImage Pixels(int width = Width, int height = Height) =>
        new(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(i % 3 == 0 ? 200 : i % 3 == 1 ? 100 : 50))]);

    public static EncodedImage Failed(string name, long? id = 1) =>
        ImageEncoder.Failed(Image(name, id), new ImageError(name, "00000003", ImageErrorCauses.Empty, "it is 0 bytes long"), Timings);

    public static ShardWriterOptions Options => new() { Worker = "w", FirstWait = TimeSpan.Zero };

    public static async Task<(CommitRecord Record, Dictionary<string, byte[]> Parts)> WriteAsync(
        IBlobStore store, JobDocument job, IReadOnlyList<EncodedImage> images, ShardWriterOptions? options = null, string attempt = "a1")
    {
        await using var writer = new ShardWriter(store, job, Range(images.Count), attempt, options ?? Options);
        foreach (EncodedImage image in images) await writer.AddAsync(image, default);
        CommitRecord record = await writer.FinishAsync(default);
        return (record, await ReadAsync(store, record));
    }

    /// <summary>The parts by their last name, checked against the record.</summary>
    public static async Task<Dictionary<string, byte[]>> ReadAsync(IBlobStore store, CommitRecord record)
    {
        var parts = new Dictionary<string, byte[]>();
        foreach (PartReference part in record.Parts)
        {
            byte[] data = (await store.ReadAsync(part.Name, new BlobReadOptions { IfMatch = part.ETag }, default)).Data;
            Assert.Equal((part.Size, part.Sha256), (data.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(data))));
            Assert.StartsWith($"parts/{record.Shard}/{record.Attempt}/", part.Name, StringComparison.Ordinal);
            parts.Add(part.Name[(part.Name.LastIndexOf('/') + 1)..], data);
        }
        return parts;
    }

    public static JsonElement[] JsonLines(byte[] part)
    {
        string text = Encoding.UTF8.GetString(part);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return [.. text[..^1].Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
