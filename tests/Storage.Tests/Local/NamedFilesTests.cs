using MaskRcnn.Storage.Local;

namespace MaskRcnn.Storage.Tests.Local;

/// <summary>The contract on disks that have no anonymous files, such as NFS.</summary>
public sealed class NamedFilesTests : StoreContractTests
{
    private readonly TemporaryFolder _folder = new();

    protected override IBlobStore Store => Reopen();

    protected override IBlobStore Reopen() => new LocalBlobStore(_folder["blobs"], new LocalOptions(AnonymousFiles: false));

    public override void Dispose()
    {
        // Nothing temporary is left, whatever a test did.
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, LocalWrite.TemporaryPrefix + "*", new EnumerationOptions { AttributesToSkip = 0, RecurseSubdirectories = true }));
        _folder.Dispose();
        base.Dispose();
    }
}
