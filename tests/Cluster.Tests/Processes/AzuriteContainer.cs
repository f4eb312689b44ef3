using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using MaskRcnn.Storage;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>A container of its own in the emulator of Azure Blob Storage that test.sh starts, and a SAS for it.</summary>
internal sealed class AzuriteContainer : IAsyncDisposable
{
    private const string Variable = "MASKRCNN_TEST_AZURITE";

    private readonly BlobContainerClient _container;
    private readonly string _uri;

    private AzuriteContainer(BlobContainerClient container, Uri uri)
    {
        (_container, _uri) = (container, uri.AbsoluteUri);
        Signature = uri.Query.TrimStart('?').Split('&').Single(parameter => parameter.StartsWith("sig=", StringComparison.Ordinal))["sig=".Length..];
    }

    /// <summary>The secret in the SAS, as it stands in the URI.</summary>
    public string Signature { get; }

    /// <summary>Makes it; where there is no emulator the test is skipped.</summary>
    public static async Task<AzuriteContainer> CreateAsync()
    {
        var container = new BlobContainerClient(Connection(), $"cluster-{Guid.NewGuid():N}");
        await container.CreateAsync();
        Uri sas = container.GenerateSasUri(
            BlobContainerSasPermissions.Read | BlobContainerSasPermissions.Create | BlobContainerSasPermissions.Write | BlobContainerSasPermissions.Delete | BlobContainerSasPermissions.List,
            TimeProvider.System.GetUtcNow().AddHours(1));
        return new AzuriteContainer(container, sas);
    }

    /// <summary>The emulator's connection string; where there is no emulator the test is skipped.</summary>
    public static string Connection()
    {
        string? connection = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(connection), $"{Variable} is not set: ./test.sh starts Azurite (it needs node and npm) and sets it.");
        return connection;
    }

    /// <summary>The URI of a blob or a prefix, with the SAS.</summary>
    public string Uri(string name) => BlobUri.Join(_uri, name);

    /// <summary>Puts a file.</summary>
    public async Task UploadAsync(string name, string file) => await _container.GetBlobClient(name).UploadAsync(file);

    /// <summary>Puts a folder's files.</summary>
    public async Task UploadFolderAsync(string prefix, string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) await UploadAsync($"{prefix}/{Path.GetRelativePath(folder, file)}", file);
    }

    /// <summary>The names and the content of the blobs below a prefix.</summary>
    public async Task<IReadOnlyList<(string Name, byte[] Content)>> ReadAllAsync(string prefix)
    {
        List<(string, byte[])> blobs = [];
        await foreach (BlobItem blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, CancellationToken.None))
            blobs.Add((blob.Name, (await _container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray()));
        return blobs;
    }

    public async ValueTask DisposeAsync() => await _container.DeleteAsync();
}
