using System.Globalization;
using Azure.Storage.Blobs;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class StateRootTests
{
    [Fact]
    public async Task A_container_that_is_missing_is_made_by_the_first_silo()
    {
        string connection = AzuriteContainer.Connection(), name = $"state-{Guid.NewGuid():N}";
        int port = FreePorts.Find();
        SiloSettings settings = new()
        {
            Roles = ["coordinator"],
            Cluster = new ClusterSettings { Primary = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") },
            Endpoints = new EndpointSettings { SiloPort = port },
            Storage = new StorageSettings { State = $"az://{name}/state" },
        };
        var container = new BlobContainerClient(connection, name);
        Assert.False((await container.ExistsAsync()).Value);
        using (var silo = new SiloProcess("silo", settings, environment: ("AZURE_STORAGE_CONNECTION_STRING", connection))) await silo.ReadyAsync();
        Assert.True((await container.ExistsAsync()).Value);
        await container.DeleteAsync();
    }
}
