using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources.Tar;

/// <summary>The files of a tar archive; workers read theirs by ranges of it.</summary>
internal sealed class TarSource(SourceFile file, Limits limits) : IImageSource
{
    private const int PageSize = 5000;

    private readonly SortedNames _names = new(file.Shown, limits, "the header at byte", lastCounts: true);

    public string Location => file.Shown;

    public bool IsNamed => false;

    public bool HasIds => false;

    public NameSample Prepare(CancellationToken stop)
    {
        foreach (TarMember entry in new TarHeaders(new TarBytes(file)).Entries(stop))
            _names.Add(new NamedImage(ImageName.Normal(entry.Name), entry.Header, Offset: entry.IsFile ? entry.Offset : -1, Size: entry.Size));
        return _names.Check(stop);
    }

    public IEnumerable<SourcePage> List(ListPosition? after, CollectionFilter filter, CancellationToken stop)
    {
        foreach (NamedImage[] page in _names.After(after?.Name).Chunk(PageSize))
        {
            stop.ThrowIfCancellationRequested();
            yield return new SourcePage([.. page.Select(Listed)], new ListPosition(page[^1].Name));
        }
    }

    public void Dispose() => _names.Dispose();

    private ListedImage Listed(NamedImage image) => image.Offset < 0
        ? new ListedImage(image.Name, 0, "", null)
        : new ListedImage(image.Name, image.Size, file.Blob.ETag, null, image.Offset);
}
