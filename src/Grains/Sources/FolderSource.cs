using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources;

/// <summary>A folder or a container's prefix.</summary>
internal sealed class FolderSource(IBlobStore store) : IImageSource
{
    private const int PageSize = 5000;

    public string Location => store.Location;

    public bool IsNamed => false;

    public bool HasIds => false;

    public NameSample Prepare(CancellationToken stop) => new([], 0);

    public IEnumerable<SourcePage> List(ListPosition? after, CollectionFilter filter, CancellationToken stop) =>
        store.ListAsync("", after, PageSize, stop).ToBlockingEnumerable(stop).Select(SourcePage.Of);

    public void Dispose()
    {
    }
}
