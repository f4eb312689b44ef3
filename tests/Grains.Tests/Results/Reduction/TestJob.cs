using System.Security.Cryptography;
using System.Text;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

/// <summary>Writes what lister, workers and partitions would have written of a made-up collection.</summary>
internal sealed class TestJob
{
    private readonly TestImage[] _images;
    private readonly long[] _firstAnnotation;
    private readonly Random _random;

    /// <param name="images">The collection.</param>
    /// <param name="cuts">Images of each planned shard.</param>
    /// <param name="shardsOfSegment">Shards of each segment.</param>
    /// <param name="splitSeed">Which shards are split, and attempts' ids.</param>
    /// <param name="annotated">Whether there is ground truth.</param>
    /// <param name="keepParts">Whether parts are kept.</param>
    /// <param name="composes">Whether the store puts files together by itself.</param>
    public TestJob(TestImage[] images, int[] cuts, int shardsOfSegment = 2, int splitSeed = 0, bool annotated = true, bool keepParts = false, bool composes = false)
    {
        Store = new MemoryBlobStore { ComposesOnServer = composes };
        (_images, _random) = (images, new Random(splitSeed));
        _firstAnnotation = [.. images.Select((_, i) => 1 + images.Take(i).Sum(image => (long)image.Objects.Length))];
        Job = NewJob(annotated, keepParts);
        int ordinal = 0, shard = 0;
        for (int segment = 0; shard < cuts.Length; segment++)
        {
            int[] shards = cuts[shard..Math.Min(shard + shardsOfSegment, cuts.Length)];
            TestImage[] listed = images[ordinal..(ordinal + shards.Sum())];
            Put(JobLayout.Segment(segment), DocumentJson.Write(new SegmentDocument
            {
                Index = segment, First = ordinal, FirstShard = shard, Shards = shards, End = new ListPosition(listed[^1].Name),
                Images = [.. listed.Select(image => new ListedImage(image.Name, 1, "tag", image.Id))],
            }));
            if (annotated) Put(JobLayout.GroundTruth(segment), Encoding.UTF8.GetBytes(GroundTruth(ordinal, listed.Length)));
            foreach (int count in shards)
            {
                Commit(JobLayout.ShardId(shard++), segment, ordinal, count);
                ordinal += count;
            }
            Segments = segment + 1;
        }
        Put(JobLayout.Listing, DocumentJson.Write(new ListingDocument { Segments = Segments, Shards = cuts.Length, Images = images.Length, Bytes = images.Length, Skipped = 1, Missing = 2 }));
    }

    public MemoryBlobStore Store { get; }

    public JobDocument Job { get; }

    public int Segments { get; }

    public List<CommitRecord> Records { get; } = [];

    public ReductionOutcome Reduce(IBlobStore? store = null) => Reducer.Run(Request(store), CancellationToken.None);

    public ReductionRequest Request(IBlobStore? store = null) => new() { Store = store ?? Store, Job = Job, Threads = 2 };

    public byte[] Result(string name) => Read(JobLayout.Result + name);

    public byte[] Read(string name) => Store.ReadAsync(name, null, CancellationToken.None).GetAwaiter().GetResult().Data;

    public string ETag(string name) => Store.FindAsync(name, CancellationToken.None).GetAwaiter().GetResult()!.ETag;

    public void Delete(string name) => Store.DeleteAsync(name, null, CancellationToken.None).GetAwaiter().GetResult();

    public string Text(string name) => Encoding.UTF8.GetString(Result(name));

    public string[] Names(string prefix) => [.. Store.ListAsync(prefix, null, 1000, CancellationToken.None).ToBlockingEnumerable().SelectMany(page => page.Blobs).Select(blob => blob.Name)];

    public string GroundTruth(int first, int count) =>
        "{\"images\":[" + string.Join(",", _images[first..(first + count)].Where(i => i.Id is not null).Select(i => $"{{\"id\":{i.Id},\"file_name\":\"{i.Name}\",\"width\":{TestImage.Size},\"height\":{TestImage.Size}}}"))
        + "],\"annotations\":[" + string.Join(",", Enumerable.Range(first, count).Where(i => _images[i].Id is not null).SelectMany(i => _images[i].AnnotationLines(_firstAnnotation[i])))
        + "],\"categories\":[{\"id\":3,\"name\":\"b|c\"},{\"id\":7,\"name\":\"a\"}]}";

    public WriteResult Put(string name, byte[] content) => Store.WriteAsync(name, content, WriteCondition.Absent, "test", CancellationToken.None).GetAwaiter().GetResult();

    public void Replace(string name, byte[] content) => Store.WriteAsync(name, content, WriteCondition.None, "test", CancellationToken.None).GetAwaiter().GetResult();

    private static JobDocument NewJob(bool annotated, bool keepParts) => new()
    {
        Job = "job1", Name = "a name", Created = DateTimeOffset.UnixEpoch, Output = "memory:", ShardSize = new ShardSize(5, 1000),
        Specification = new JobSpecification { Images = "memory:images", Model = "memory:model", Output = "memory:", Annotations = annotated ? "memory:annotations" : null, KeepParts = keepParts, KeepPartsSeconds = 0 },
        Model = new ModelDocument("memory:model", "tag", 1, new string('0', 64), "tiny_model", ["bbox", "segm"]),
        Categories = [new CategoryDocument(1, 3, "b|c"), new CategoryDocument(2, 7, "a")],
        EvaluatedCategories = annotated ? [new CategoryDocument(0, 3, "b|c"), new CategoryDocument(0, 7, "a")] : [],
    };

    private void Commit(string shard, int segment, int first, int count)
    {
        TestImage[] images = _images[first..(first + count)];
        string attempt = "attempt" + _random.Next(1000, 9999);
        var record = new CommitRecord { Shard = shard, Segment = segment, First = first, Count = count, Attempt = attempt };
        // A given-up image is alone in its shard, as it is split until then.
        if (count > 1 && (images.Any(i => i.GivenUp) || _random.Next(3) == 0))
        {
            int half = 1 + _random.Next(count - 1);
            record = record with { Children = [half, count - half] };
            Commit(shard + ".0", segment, first, half);
            Commit(shard + ".1", segment, first + half, count - half);
        }
        else if (images[0].GivenUp)
        {
            record = record with { Failed = 1, GivenUp = Error(images[0], shard) };
        }
        else
        {
            record = record with
            {
                Done = images.Count(i => i.IsDone), Failed = images.Count(i => !i.IsDone), Detections = images.Sum(i => (long)i.Found.Length),
                EvaluatedDetections = images.Where(i => i.Id is not null).Sum(i => (long)i.Found.Length),
                Run = new RunDetails("worker", DateTimeOffset.UnixEpoch.AddSeconds(first), DateTimeOffset.UnixEpoch.AddSeconds(first + count), first == 0 ? 8 : 2),
                Parts = [.. Parts(shard, first, images).Where(p => p.Data.Length > 0).Select(p => Part(JobLayout.Part(shard, attempt, p.Name), p.Data))],
            };
        }
        Records.Add(record);
        Put(JobLayout.Commit(shard), DocumentJson.Write(record));
    }

    private static ImageError Error(TestImage image, string shard) => new(image.Name, shard.Split('.')[0], image.Cause!, "it is <broken> & more");

    private PartReference Part(string name, byte[] data) => new(name, Put(name, data).ETag!, data.Length, Convert.ToHexStringLower(SHA256.HashData(data)));

    private IEnumerable<(string Name, byte[] Data)> Parts(string shard, int first, TestImage[] images)
    {
        yield return ("masks.tar", [.. images.Where(i => i.IsDone).SelectMany(i => i.MaskEntry)]);
        yield return ("thumbnails.tar", [.. images.Where(i => i.IsDone).SelectMany(i => i.ThumbnailEntry)]);
        yield return ("detections.json", Encoding.UTF8.GetBytes(string.Concat(images.SelectMany(i => i.DetectionLines).Select(line => ",\n" + line))));
        yield return ("errors.jsonl", [.. images.Where(i => !i.IsDone).SelectMany(i => DocumentJson.Write(Error(i, shard)).Append((byte)'\n'))]);
        yield return ("timings.jsonl", [.. images.SelectMany(i => Encoding.UTF8.GetBytes($"{{\"image\":\"{i.Name}\",\"bytes\":5,\"readMs\":2,\"inferMs\":100}}\n"))]);
        yield return ("index.jsonl", Index(images));
        if (Job.Specification.Annotations is null || images.All(i => i.Id is null)) yield break;
        foreach (IouType type in (IouType[])[IouType.Bbox, IouType.Segm])
        {
            EvaluationParameters parameters = EvaluationParameters.Default(type);
            var builder = new EvaluationPartBuilder(parameters, TestImage.Categories);
            for (int i = 0; i < images.Length; i++)
            {
                if (images[i].Id is not null) builder.Add(images[i].Match(type, _firstAnnotation[first + i], parameters));
            }
            using var stream = new MemoryStream();
            builder.WriteTo(stream);
            yield return (type.ToString().ToLowerInvariant() + ".eval", stream.ToArray());
        }
    }

    private static byte[] Index(TestImage[] images)
    {
        var text = new StringBuilder();
        (long mask, long thumbnail) = (0, 0);
        foreach (TestImage image in images)
        {
            text.Append($"{{\"image\":\"{image.Name}\"");
            if (image.Id is { } id) text.Append($",\"id\":{id}");
            if (image.IsDone)
            {
                text.Append($",\"width\":64,\"height\":64,\"offset\":{mask + image.MaskEntry.Length - 512},\"length\":20,\"instances\":{image.Found.Length}");
                text.Append($",\"thumbnail\":{{\"offset\":{thumbnail + image.ThumbnailEntry.Length - 512},\"length\":13}}");
                mask += image.MaskEntry.Length;
                thumbnail += image.ThumbnailEntry.Length;
            }
            else
            {
                text.Append($",\"cause\":\"{image.Cause}\"");
            }
            text.Append("}\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
