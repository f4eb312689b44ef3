using Azure.Storage.Blobs;
using MaskRcnn.Storage.Azure;

namespace MaskRcnn.Storage.Tests.Azure;

/// <summary>The emulator of Azure Blob Storage that test.sh starts.</summary>
internal static class Azurite
{
    private const string Variable = "MASKRCNN_TEST_AZURITE";

    /// <summary>Its connection string; without it the test is skipped.</summary>
    public static string Connection
    {
        get
        {
            string? connection = Environment.GetEnvironmentVariable(Variable);
            Assert.SkipWhen(string.IsNullOrEmpty(connection), $"{Variable} is not set: ./test.sh starts Azurite (it needs node and npm) and sets it.");
            return connection!;
        }
    }

    /// <summary>A container of its own, not made yet.</summary>
    public static BlobContainerClient Container(string name, Action<BlobClientOptions>? configure = null)
    {
        BlobClientOptions options = AzureLocation.Options();
        configure?.Invoke(options);
        return new BlobContainerClient(Connection, name, options);
    }
}
