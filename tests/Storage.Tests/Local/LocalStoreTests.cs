using MaskRcnn.Storage.Local;

namespace MaskRcnn.Storage.Tests.Local;

public sealed class LocalStoreTests : StoreContractTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalBlobStore _store;

    public LocalStoreTests() => _store = new LocalBlobStore(_folder["blobs"]);

    protected override IBlobStore Store => _store;

    protected override IBlobStore Reopen() => new LocalBlobStore(_folder["blobs"]);

    [Fact]
    public async Task A_name_that_the_disk_cannot_have_is_not_there()
    {
        Assert.Null(await _store.FindAsync(new string('x', 300) + ".png", None));
        Assert.Null(await _store.FindAsync($"a/{new string('é', 200)}/b.png", None));
    }

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }
}
