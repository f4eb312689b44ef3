using System.Diagnostics;
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
            using SiloProcess silo = Start("failing", folder);
            Assert.Equal(SiloExitCode.Fault, await silo.ExitAsync(TimeSpan.FromSeconds(60)));
            Assert.Contains("FailingService has failed.", silo.Said, StringComparison.Ordinal);
            Assert.Contains("This service always fails.", silo.Said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_silo_that_is_told_to_end_while_it_starts_ends_in_good_order()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
        try
        {
            using SiloProcess silo = Start("starting", folder);
            await Patience.UntilAsync("the silo starts", () => silo.HasExited || silo.Said.Contains("this service starts", StringComparison.Ordinal), () => Task.FromResult(silo.Said));
            using Process kill = Process.Start("kill", ["-TERM", silo.Id.ToString(CultureInfo.InvariantCulture)]);
            Assert.Equal(SiloExitCode.Ok, await silo.ExitAsync(TimeSpan.FromSeconds(60)));
            Assert.DoesNotContain("error:", silo.Said, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SiloProcess Start(string name, DirectoryInfo folder)
    {
        int port = FreePorts.Find();
        SiloSettings settings = new()
        {
            Roles = ["coordinator"],
            Cluster = new ClusterSettings { Primary = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), SiloName = name },
            Endpoints = new EndpointSettings { SiloPort = port },
            Storage = new StorageSettings { State = folder.FullName },
        };
        return new SiloProcess("silo", settings, "MaskRcnn.Cluster.Tests.Host");
    }
}
