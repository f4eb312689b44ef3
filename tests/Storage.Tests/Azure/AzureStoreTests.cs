using Azure.Storage.Blobs;
using MaskRcnn.Storage.Azure;

namespace MaskRcnn.Storage.Tests.Azure;

public sealed class AzureStoreTests : StoreContractTests
{
    private readonly string _name = "contract-" + Guid.NewGuid().ToString("N");
    private AzureBlobStore? _store;

    protected override IBlobStore Store => _store ??= Open(create: true);

    protected override IBlobStore Reopen() => Open(create: false);

    public override void Dispose()
    {
        if (_store is not null) Azurite.Container(_name).DeleteIfExists();
        base.Dispose();
    }

    private AzureBlobStore Open(bool create)
    {
        BlobContainerClient container = Azurite.Container(_name);
        if (create) container.Create();
        return new AzureBlobStore(container, "some/prefix", "az://" + _name + "/some/prefix");
    }
}
