using System.Runtime.InteropServices;
using MaskRcnn.Coco.Evaluation.Instances;
using MaskRcnn.Coco.Evaluation.Matching;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Gathers matched images into one part. Not for use by two threads at once.</summary>
/// <param name="parameters">What the images were matched by.</param>
/// <param name="categories">Ids of the categories, ascending.</param>
public sealed class EvaluationPartBuilder(EvaluationParameters parameters, IReadOnlyList<long> categories)
{
    private readonly int _classes = parameters.ClassAgnostic ? 1 : categories.Count;
    private readonly OutcomeCodec _codec = new(parameters);
    private readonly ByteWriter _outcomes = new();
    private readonly List<long> _imageIds = [];
    private readonly HashSet<long> _known = [];
    private readonly List<InstanceCounts> _instances = [];
    private readonly List<Record>[] _records = [.. Enumerable.Range(0, parameters.ClassAgnostic ? 1 : categories.Count).Select(_ => new List<Record>())];
    private readonly long[][] _objectCounts = [.. Enumerable.Range(0, parameters.ClassAgnostic ? 1 : categories.Count).Select(_ => new long[parameters.AreaRanges.Length])];

    private readonly record struct Record(ulong Key, double Score, int Image, int Rank, int Outcome, int OutcomeLength);

    /// <summary>Images so far.</summary>
    public int ImageCount => _imageIds.Count;

    /// <summary>Adds an image, also one without objects and detections.</summary>
    /// <param name="matches">The image, matched with the same parameters and categories.</param>
    /// <exception cref="EvaluationPartException">The image is in the part already, or was matched otherwise.</exception>
    public void Add(ImageMatches matches)
    {
        ArgumentNullException.ThrowIfNull(matches);
        int ranges = parameters.AreaRanges.Length;
        if (matches.GroundTruthCounts.Length != _classes * ranges || matches.Instances is null != parameters.InstanceScoreThreshold is null)
            throw new EvaluationPartException($"Image {matches.ImageId} was matched with other parameters or categories than the part's.");
        if (!_known.Add(matches.ImageId)) throw new EvaluationPartException($"Image {matches.ImageId} is in the part already.");
        int image = _imageIds.Count;
        _imageIds.Add(matches.ImageId);
        if (matches.Instances is not null) _instances.Add(matches.Instances);
        for (int i = 0; i < matches.GroundTruthCounts.Length; i++) _objectCounts[i / ranges][i % ranges] += matches.GroundTruthCounts[i];
        ReadOnlySpan<Outcome> outcomes = CollectionsMarshal.AsSpan(matches.OutcomeList);
        for (int d = 0; d < matches.DetectionList.Count; d++)
        {
            DetectionMatch detection = matches.DetectionList[d];
            int start = _outcomes.Length;
            _codec.Write(_outcomes, outcomes.Slice(d * ranges, ranges));
            _records[detection.Class].Add(new Record(ScoreOrder.Key(detection.Score), detection.Score, image, detection.Rank, start, _outcomes.Length - start));
        }
    }

    /// <summary>Writes the part.</summary>
    /// <param name="stream">Where to; stays open.</param>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        // Images are numbered by ascending id, so that their order is the same however they came.
        int[] byId = [.. Enumerable.Range(0, _imageIds.Count)];
        Array.Sort(_imageIds.ToArray(), byId);
        var number = new int[byId.Length];
        for (int i = 0; i < byId.Length; i++) number[byId[i]] = i;

        var writer = new PartStreamWriter(stream, parameters, categories);
        for (int c = 0; c < _classes; c++)
        {
            Record[] records = [.. _records[c].Select(r => r with { Image = number[r.Image] })];
            Array.Sort(records, ByOrder);
            foreach (Record record in records) writer.WriteRecord(record.Score, record.Image, record.Rank, _outcomes.Written.Slice(record.Outcome, record.OutcomeLength));
            writer.EndClass(_objectCounts[c], records.Length);
        }
        if (_instances.Count > 0)
        {
            foreach (int image in byId) InstanceCodec.Write(writer.Block, _instances[image]);
        }
        writer.End([.. byId.Select(i => _imageIds[i])]);
    }

    /// <summary>The part in memory.</summary>
    public EvaluationPart Build()
    {
        using var stream = new MemoryStream();
        WriteTo(stream);
        return EvaluationPart.Open(PartData.FromMemory(stream.GetBuffer().AsMemory(0, (int)stream.Length)));
    }

    private static int ByOrder(Record a, Record b)
    {
        int order = a.Key.CompareTo(b.Key);
        if (order == 0) order = a.Image.CompareTo(b.Image);
        return order != 0 ? order : a.Rank.CompareTo(b.Rank);
    }
}
