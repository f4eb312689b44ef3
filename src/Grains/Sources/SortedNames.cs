using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Sources.Sorting;

namespace MaskRcnn.Grains.Sources;

/// <summary>The names of a collection in ordinal order, each once, in bounded memory.</summary>
/// <param name="file">What errors call the file.</param>
/// <param name="limits">How many there may be.</param>
/// <param name="place">What a place is: "line", "image".</param>
/// <param name="lastCounts">Whether the last image of a name counts, as in archives, and not the first.</param>
/// <param name="budget">Bytes of names in memory.</param>
internal sealed class SortedNames(string file, Limits limits, string place, bool lastCounts, long budget = ExternalSort<NamedImage>.DefaultBudget) : IDisposable
{
    private const int MostSamples = 20;

    private readonly ExternalSort<NamedImage> _names = new(NamedImage.ByName, budget);
    private long _count, _firstWithout = -1, _firstWith = -1;

    /// <summary>Whether the images have ids.</summary>
    public bool HasIds => _firstWith >= 0;

    /// <summary>Adds a name.</summary>
    /// <exception cref="SourceException">It is no name, or some have ids and others have none.</exception>
    /// <exception cref="LimitException">There are too many.</exception>
    public void Add(NamedImage image)
    {
        if (++_count > limits.Images)
            throw new LimitException(file, _count, "names or more", nameof(Limits.Images), limits.Images, "Split it into jobs");
        if (ImageName.Fault(image.Name) is { } fault)
            throw new SourceException(file, $"{place} {image.Place} names {SourceException.Shown(image.Name)}, which no image can be called: {fault}. Expected a path below the images' root, with '/' and without '..'.");
        if (image.Id is null && _firstWithout < 0) _firstWithout = image.Place;
        if (image.Id is not null && _firstWith < 0) _firstWith = image.Place;
        if (_firstWith >= 0 && _firstWithout >= 0)
            throw new SourceException(file, $"{place} {_firstWith} gives an id, and {place} {_firstWithout} none; expected ids for all images or for none.");
        _names.Add(image);
    }

    /// <summary>Checks that names and ids go together, after the last name.</summary>
    /// <returns>Names that stand there again.</returns>
    /// <exception cref="SourceException">An image has two ids, or an id two images.</exception>
    public NameSample Check(CancellationToken stop)
    {
        List<string> samples = [];
        long repeated = 0;
        using var ids = new ExternalSort<GivenId>(GivenId.ById);
        NamedImage? last = null;
        foreach (NamedImage image in _names.Sorted())
        {
            stop.ThrowIfCancellationRequested();
            if (last is { } before && before.Name == image.Name)
            {
                if (before.Id != image.Id)
                    throw new SourceException(file, $"{place} {image.Place} gives {SourceException.Shown(image.Name)} the id {image.Id}, and {place} {before.Place} {before.Id}; expected one id for an image.");
                if (++repeated <= MostSamples) samples.Add(image.Name);
                continue;
            }
            last = image;
            if (image.Id is { } id) ids.Add(new GivenId(id, image.Place));
        }
        CheckIds(ids, stop);
        return new NameSample(samples, repeated);
    }

    /// <summary>The images after a name, each once.</summary>
    public IEnumerable<NamedImage> After(string? name)
    {
        NamedImage? waiting = null;
        foreach (NamedImage image in _names.Sorted())
        {
            if (name is not null && string.CompareOrdinal(image.Name, name) <= 0) continue;
            if (waiting is { } before && before.Name == image.Name)
            {
                if (lastCounts) waiting = image;
                continue;
            }
            if (waiting is { } done) yield return done;
            waiting = image;
        }
        if (waiting is { } end) yield return end;
    }

    public void Dispose() => _names.Dispose();

    private void CheckIds(ExternalSort<GivenId> ids, CancellationToken stop)
    {
        GivenId? last = null;
        foreach (GivenId given in ids.Sorted())
        {
            stop.ThrowIfCancellationRequested();
            if (last is { } before && before.Id == given.Id)
                throw new SourceException(file, $"{place} {given.Place} gives an image the id {given.Id}, which {place} {before.Place} has given to another; expected an id of its own for each image.");
            last = given;
        }
    }
}
