using MaskRcnn.Client;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Transport;

namespace MaskRcnn.Cluster.Tests.Processes.Tls;

[Collection(TlsProcessTests.Name)]
public sealed class JobOverTlsTests(TlsCluster cluster)
{
    [Fact]
    public async Task A_job_runs_on_silos_that_talk_by_mutual_TLS()
    {
        await using MaskRcnnClient client = await cluster.ConnectAsync(cluster.ClientFiles.Files);
        JobHandle job = await client.SubmitAsync(new JobSpecification
        {
            Images = cluster.In("images"),
            Model = cluster.In("model.safetensors"),
            Output = cluster.In("results"),
            ShardSize = 4,
        });
        JobStatus end = await Patience.ForAsync(
            "a job over TLS ends", async () => await job.GetStatusAsync() is { } status && status.State.IsFinal() ? status : null, async () => $"{await job.GetStatusAsync()}\n{cluster.Coordinator.Said}\n{cluster.Worker.Said}");
        Assert.Equal((JobState.Succeeded, TlsCluster.Images), (end.State, (int)end.Images.Done));
    }

    [Fact]
    public async Task The_command_line_takes_certificates()
    {
        TlsFiles files = cluster.ClientFiles.Files;
        Cli list = (await Cli.RunAsync("worker", "list", "--json", "--cluster", cluster.Gateway, "--tls-ca", files.CaFile, "--tls-certificate", files.CertificateFile, "--tls-key", files.KeyFile)).Exits(0);
        Assert.Equal(1, list.Json.GetProperty("workers").GetArrayLength());
    }

    [Fact]
    public async Task A_client_without_certificates_or_with_foreign_ones_does_not_get_in_and_is_told_why()
    {
        TimeSpan soon = TimeSpan.FromSeconds(3);
        ClusterUnavailableException plain = await Assert.ThrowsAsync<ClusterUnavailableException>(() => cluster.ConnectAsync(null, soon));
        Assert.Contains("if the cluster wants certificates, give them: --tls-ca", plain.Message, StringComparison.Ordinal);
        var foreign = new Transport.Tests.TestAuthority("foreign");
        using (var strangers = new Transport.Tests.CertificateFolder(foreign.Pem, foreign.Issue("client")))
        {
            // It does not know the silo either, and so it ends at once.
            ClusterUnavailableException exception = await Assert.ThrowsAsync<ClusterUnavailableException>(() => cluster.ConnectAsync(strangers.Files));
            Assert.Contains("does not come from our certificate authority, but from 'CN=test authority'", exception.Message, StringComparison.Ordinal);
        }
    }
}
