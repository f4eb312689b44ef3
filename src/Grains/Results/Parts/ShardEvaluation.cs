using System.Buffers;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>A shard's evaluation as its images come: they are gathered, and matched some hundred at a time.</summary>
internal sealed class ShardEvaluation
{
    private const int BatchImages = 1024, BatchBytes = 1 << 20;

    private readonly ParsedGroundTruth _groundTruth;
    private readonly string _shard;
    private readonly ResultsEvaluation _evaluation;
    private readonly int _reported;
    private readonly List<long> _ids = [];
    private readonly ArrayBufferWriter<byte> _results = new();

    public ShardEvaluation(JobDocument job, string shard, ParsedGroundTruth groundTruth)
    {
        _groundTruth = groundTruth;
        _shard = shard;
        Types = [.. job.Model.IouTypes];
        EvaluationParameters[] parameters = [.. Types.Select(type => Parameters(type, job.Specification.EvaluationLimits))];
        _evaluation = new ResultsEvaluation(groundTruth, parameters, [.. job.EvaluatedCategories.Select(category => category.Id)]);
        _reported = Math.Max(0, Types.IndexOf(Types.Contains("segm") ? "segm" : "bbox"));
    }

    /// <summary>What is evaluated by, as the model's document names it.</summary>
    public List<string> Types { get; }

    /// <summary>Images evaluated.</summary>
    public int ImageCount => _evaluation.ImageCount;

    /// <summary>Whether it is time for <see cref="Match"/>.</summary>
    public bool IsFull => _ids.Count >= BatchImages || _results.WrittenCount >= BatchBytes;

    /// <summary>Takes an image, failed ones too.</summary>
    /// <returns>Whether the ground truth has it.</returns>
    public bool Add(EncodedImage image)
    {
        if (image.Image.Id is not { } id || !_groundTruth.Contains(id)) return false;
        _ids.Add(id);
        if (image.Detections.IsEmpty) return true;
        _results.Write(_results.WrittenCount == 0 ? "["u8 : ",\n"u8);
        _results.Write(image.Detections.Span);
        return true;
    }

    /// <summary>Matches what has come since the last time: a row an image, in their order.</summary>
    public IReadOnlyList<ImageRow> Match(CancellationToken cancellation)
    {
        if (_ids.Count == 0) return [];
        if (_results.WrittenCount == 0) _results.Write("["u8);
        _results.Write("]"u8);
        IReadOnlyList<IReadOnlyList<ImageRow>> rows = _evaluation.Add(_ids, _results.WrittenMemory, $"results of shard {_shard}", cancellation);
        _ids.Clear();
        _results.ResetWrittenCount();
        return rows.Count == 0 ? [] : rows[_reported];
    }

    /// <summary>Writes the part of a type.</summary>
    public void WriteTo(int type, Stream stream) => _evaluation.WriteTo(type, stream);

    /// <summary>What a job evaluates by: the limits are those of boxes and masks, keypoints have their own.</summary>
    public static EvaluationParameters Parameters(string type, IReadOnlyList<int>? limits)
    {
        IouType iouType = type switch
        {
            "bbox" => IouType.Bbox,
            "segm" => IouType.Segm,
            "keypoints" => IouType.Keypoints,
            _ => throw new ArgumentException($"job.json has the IoU type '{type}'; expected bbox, segm or keypoints.", nameof(type)),
        };
        EvaluationParameters parameters = EvaluationParameters.Default(iouType);
        return limits is null || iouType == IouType.Keypoints ? parameters : parameters with { MaxDetections = [.. limits] };
    }
}
