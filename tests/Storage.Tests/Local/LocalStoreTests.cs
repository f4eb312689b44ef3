using MaskRcnn.Storage.Local;

namespace MaskRcnn.Storage.Tests.Local;

public sealed class LocalStoreTests : StoreContractTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalBlobStore _store;

    public LocalStoreTests() => _store = new LocalBlobStore(_folder["blobs"]);

    protected override IBlobStore Store => _store;

    protected override IBlobStore Reopen() => new LocalBlobStore(_folder["blobs"]);

    public override void Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }
}
