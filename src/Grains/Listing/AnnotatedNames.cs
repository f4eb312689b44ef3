using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Grains.Listing;

/// <summary>
/// Gives listed images the ids of the ground truth: by path, then by the last part of the name where that is unique in the ground
/// truth. Images are given in name order, and the first takes the annotations, so that a listing gives the same ids each time.
/// </summary>
public sealed class AnnotatedNames
{
    private readonly Dictionary<string, CocoImage> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CocoImage?> _last = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<CocoImage> _images;
    private readonly HashSet<long> _taken = [];

    /// <summary>The names of a ground truth.</summary>
    /// <param name="images">Its images. Of those with one and the same name the last is found, as in <c>predict</c>.</param>
    public AnnotatedNames(IReadOnlyList<CocoImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        _images = images;
        foreach (CocoImage image in images)
        {
            _paths[image.FileName] = image;
            if (!_last.TryAdd(LastPart(image.FileName), image)) _last[LastPart(image.FileName)] = null;
        }
    }

    /// <summary>Takes the annotations of the next image. To go on after a restart, give it again the names that are listed already.</summary>
    /// <param name="name">Path below the collection.</param>
    public NameMatch Take(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool byPath = _paths.TryGetValue(name, out CocoImage? image);
        if (!byPath && !(_last.TryGetValue(LastPart(name), out image) && image is not null)) return new NameMatch(null, MatchKind.None);
        return _taken.Add(image!.Id) ? new NameMatch(image.Id, byPath ? MatchKind.Path : MatchKind.BaseName) : new NameMatch(null, MatchKind.Duplicate);
    }

    /// <summary>How many images of the ground truth were not listed.</summary>
    public long MissingCount => _images.Count - _taken.Count;

    /// <summary>The images of the ground truth that were not listed, in name order.</summary>
    public IReadOnlyList<string> Missing() => [.. _images.Where(image => !_taken.Contains(image.Id)).Select(image => image.FileName).Order(StringComparer.Ordinal)];

    private static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..];
}

/// <summary>What the ground truth says of a listed image.</summary>
/// <param name="Id">Its id; null when it takes no annotations.</param>
/// <param name="Kind">How it was found.</param>
public readonly record struct NameMatch(long? Id, MatchKind Kind);

/// <summary>How a listed image was found in the ground truth.</summary>
public enum MatchKind
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>Its path is a <c>file_name</c>.</summary>
    Path,

    /// <summary>The last part of its path is that of one <c>file_name</c> only.</summary>
    BaseName,

    /// <summary>It was, but an earlier image has taken the annotations.</summary>
    Duplicate,
}
