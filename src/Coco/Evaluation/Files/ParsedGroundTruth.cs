using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>
/// A ground truth in memory, parsed and checked once, against which many pieces of results are evaluated
/// (<see cref="ResultsEvaluation"/>). May be used by many threads.
/// </summary>
public sealed class ParsedGroundTruth
{
    private readonly Dictionary<long, int> _index;

    private ParsedGroundTruth(GroundTruthFile file)
    {
        File = file;
        _index = new Dictionary<long, int>(file.Images.Count);
        foreach (long id in file.Images.Keys) _index.Add(id, _index.Count);
        Groups = file.Annotations.ByImage(_index);
    }

    /// <summary>Images in it.</summary>
    public int ImageCount => _index.Count;

    /// <summary>What its user should know, such as missing areas; mostly nothing.</summary>
    public IReadOnlyList<string> Warnings => File.Warnings;

    internal GroundTruthFile File { get; }

    /// <summary>Annotations by <see cref="IndexOf"/>.</summary>
    internal AnnotationTable.Groups Groups { get; }

    /// <summary>Parses, on the calling thread.</summary>
    /// <param name="json">An instances or keypoints file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CocoFormatException">It is malformed, or refers to images or categories that it does not hold.</exception>
    public static ParsedGroundTruth Read(ReadOnlyMemory<byte> json, string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ParsedGroundTruth(GroundTruthFile.Read(JsonSource.Here(name, json), cancellationToken));
    }

    /// <summary>Whether it holds an image.</summary>
    /// <param name="imageId">The image's id.</param>
    public bool Contains(long imageId) => _index.ContainsKey(imageId);

    internal int IndexOf(long imageId) => _index.TryGetValue(imageId, out int index)
        ? index
        : throw new ArgumentException($"Unknown image id {imageId}; expected an image of {File.Source.Name}.", nameof(imageId));
}
