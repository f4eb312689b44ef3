using System.Security.Cryptography;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Results.Parts;

/// <summary>What was written is read as it was given, so that another attempt writes the same bytes.</summary>
public sealed class WrittenPartsTests
{
    private readonly MemoryBlobStore _store = new();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task What_is_read_gives_the_same_parts_when_it_is_written_again(bool png, bool thumbnails)
    {
        JobDocument job = SampleShard.Job(png: png, thumbnails: thumbnails);
        EncodedImage[] images = Images(job);
        (CommitRecord record, Dictionary<string, byte[]> parts) = await SampleShard.WriteAsync(_store, job, images);

        IReadOnlyDictionary<string, EncodedImage> read = WrittenParts.Read(_store, record, [.. images.Select(image => image.Image)], default);

        Assert.Equal(images.Where(image => image.Error is null).Select(image => image.Image.Name), read.Keys.Order(StringComparer.Ordinal));
        (_, Dictionary<string, byte[]> again) = await SampleShard.WriteAsync(_store, job, [.. images.Select(image => read.GetValueOrDefault(image.Image.Name) ?? image)], attempt: "a2");
        Assert.Equal(parts, again);
    }

    [Fact]
    public async Task Only_wanted_images_are_read()
    {
        JobDocument job = SampleShard.Job();
        EncodedImage[] images = Images(job);
        (CommitRecord record, _) = await SampleShard.WriteAsync(_store, job, images);
        EncodedImage wanted = images[^2];
        EncodedImage read = Assert.Single(WrittenParts.Read(_store, record, [wanted.Image, SampleShard.Image("other.png")], default)).Value;
        Assert.Equal(wanted.Json.ToArray(), read.Json.ToArray());
        Assert.Equal(wanted.Detections.ToArray(), read.Detections.ToArray());
    }

    [Fact]
    public async Task A_part_that_is_damaged_or_gone_is_an_error_that_names_it()
    {
        JobDocument job = SampleShard.Job();
        EncodedImage[] images = Images(job);
        (CommitRecord record, _) = await SampleShard.WriteAsync(_store, job, images);
        PartReference detections = record.Parts.Single(part => part.Name.EndsWith("detections.json", StringComparison.Ordinal));
        CommitRecord other = record with { Parts = [.. record.Parts.Select(part => part == detections ? part with { Sha256 = new string('0', 64) } : part)] };
        Assert.Contains(detections.Name, Assert.Throws<DocumentException>(() => WrittenParts.Read(_store, other, [], default)).Message, StringComparison.Ordinal);
        await _store.DeleteAsync(detections.Name, null, default);
        Assert.Equal(detections.Name, Assert.Throws<BlobNotFoundException>(() => WrittenParts.Read(_store, record, [], default)).Name);
    }

    [Fact]
    public async Task Detections_that_the_index_does_not_count_are_an_error()
    {
        JobDocument job = SampleShard.Job();
        (CommitRecord record, Dictionary<string, byte[]> parts) = await SampleShard.WriteAsync(_store, job, Images(job));
        byte[] more = [.. parts["detections.json"], .. ",\n{}"u8];
        WriteResult written = await _store.WriteAsync("parts/00000003/a1/more/detections.json", more, WriteCondition.Absent, "test", default);
        CommitRecord other = record with
        {
            Parts = [.. record.Parts.Select(part => part.Name.EndsWith("detections.json", StringComparison.Ordinal)
                ? new PartReference("parts/00000003/a1/more/detections.json", written.ETag!, more.Length, Convert.ToHexStringLower(SHA256.HashData(more))) : part)],
        };
        Assert.Contains("the index counts", Assert.Throws<DocumentException>(() => WrittenParts.Read(_store, other, [], default)).Message, StringComparison.Ordinal);
    }

    /// <summary>With and without an id, with no detection, failed, and with a name too long for a plain header.</summary>
    private static EncodedImage[] Images(JobDocument job)
    {
        var encoder = new ImageEncoder(job);
        var random = new Random(3);
        string[] names = ["a.png", "b.png", "c/ü.png", $"d/{new string('n', 120)}.png", "e.png", "f.png"];
        return
        [
            .. names.Select((name, i) => i == 1 ? SampleShard.Failed(name)
                : encoder.Encode(SampleShard.Image(name, i == 4 ? null : i + 1), SampleShard.Range(names.Length), SampleShard.Detections(random, i == 2 ? 0 : 3 + i), SampleShard.Pixels(), SampleShard.Timings)),
        ];
    }
}
