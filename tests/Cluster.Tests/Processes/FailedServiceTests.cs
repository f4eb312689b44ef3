using System.Globalization;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class FailedServiceTests
{
    [Fact]
    public async Task A_silo_of_which_a_service_fails_ends_with_the_code_of_a_fault_and_says_which()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
        try
        {
            int port = FreePorts.Find();
            SiloSettings settings = new()
            {
                Roles = ["coordinator"],
                Cluster = new ClusterSettings { Primary = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), SiloName = "failing" },
                Endpoints = new EndpointSettings { SiloPort = port },
                Storage = new StorageSettings { State = folder.FullName },
            };
            using var silo = new SiloProcess("silo", settings, "MaskRcnn.Cluster.Tests.Host");
            Assert.Equal(SiloExitCode.Fault, await silo.ExitAsync(TimeSpan.FromSeconds(60)));
            Assert.Contains("FailingService has failed.", silo.Said, StringComparison.Ordinal);
            Assert.Contains("This service always fails.", silo.Said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
