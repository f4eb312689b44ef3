using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Sources.Manifests;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources;

/// <summary>Images that a file names one by one, below a root: sorted, and each looked up for its size and version.</summary>
internal sealed class NamedSource(SourceFile file, NameForm form, IBlobStore root, Limits limits) : IImageSource
{
    private const int PageSize = 1024;

    /// <summary>Names that are looked up at once.</summary>
    private const int AtOnce = 32;

    private readonly SortedNames _names = new(file.Shown, limits, form.Place, lastCounts: false);

    public string Location => file.Shown;

    public bool IsNamed => true;

    public bool HasIds => _names.HasIds;

    public NameSample Prepare(CancellationToken stop)
    {
        form.Read(file, _names.Add, stop);
        return _names.Check(stop);
    }

    public IEnumerable<SourcePage> List(ListPosition? after, CollectionFilter filter, CancellationToken stop)
    {
        foreach (NamedImage[] page in _names.After(after?.Name).Chunk(PageSize))
        {
            var images = new List<ListedImage>(page.Length);
            foreach (NamedImage[] some in page.Chunk(AtOnce))
                images.AddRange(Task.WhenAll(some.Select(image => FindAsync(image, filter, stop))).GetAwaiter().GetResult());
            yield return new SourcePage(images, new ListPosition(page[^1].Name));
        }
    }

    public void Dispose() => _names.Dispose();

    private async Task<ListedImage> FindAsync(NamedImage image, CollectionFilter filter, CancellationToken stop)
    {
        BlobInfo? blob = filter.Includes(image.Name) ? await FindAsync(image.Name, stop) : null;
        return new ListedImage(image.Name, blob?.Size ?? 0, blob?.ETag ?? "", image.Id);
    }

    private async Task<BlobInfo?> FindAsync(string name, CancellationToken stop)
    {
        try
        {
            return await root.FindAsync(name, stop);
        }
        catch (BlobOutsideException)
        {
            // A listing of the folder would not show it either.
            return null;
        }
    }
}
