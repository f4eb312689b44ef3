using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Storage.Tests;

public sealed class MemoryStoreTests : StoreContractTests
{
    private readonly MemoryBlobStore _store = new();

    protected override IBlobStore Store => _store;

    protected override IBlobStore Reopen() => _store;
}
