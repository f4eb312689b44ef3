using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Library.Tests.Connection;

/// <summary>Over real sockets, with a real silo.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task A_client_reaches_a_silo_and_typed_exceptions_reach_the_client()
    {
        await using SmallSilo silo = await SmallSilo.StartAsync();
        await using MaskRcnnClient client = await MaskRcnnClient.ConnectAsync(At(silo.Gateway));
        JobNotFoundException missing = await Assert.ThrowsAsync<JobNotFoundException>(() => client.GetJobAsync("nothing"));
        Assert.Equal("nothing", missing.Job);
        JobRejectedException rejected = await Assert.ThrowsAsync<JobRejectedException>(
            () => client.SubmitAsync(new JobSpecification { Name = "n", Images = "i", Model = "m", Output = "o", EvaluationLimits = [1, 2] }));
        Assert.Equal(["The first problem.", "The second problem."], rejected.Problems);
        Assert.Equal("n", rejected.Job);
        Assert.Equal(FakeCluster.Running.Images, (await ListAsync(client)).Images);
    }

    [Fact]
    public async Task A_client_finds_a_cluster_that_was_restarted_elsewhere()
    {
        using var folder = new TemporaryFolder();
        SmallSilo first = await SmallSilo.StartAsync();
        Write(folder, first.Gateway);
        await using MaskRcnnClient client = await MaskRcnnClient.ConnectAsync(ClusterAddress.FromDataFolder(folder.Root));
        await ListAsync(client);
        await first.DisposeAsync();
        Task<JobStatus> asked = ListAsync(client);
        await using SmallSilo second = await SmallSilo.StartAsync();
        Write(folder, second.Gateway);
        Assert.Equal("photos", (await asked).Name);
    }

    [Fact]
    public async Task Where_nothing_listens_the_error_says_how_to_start_a_cluster()
    {
        List<string> told = [];
        var options = new MaskRcnnClientOptions { ConnectTimeout = TimeSpan.FromSeconds(1), OnWaiting = told.Add };
        int port = SmallSilo.FreePort();
        ClusterUnavailableException exception = await Assert.ThrowsAsync<ClusterUnavailableException>(() => MaskRcnnClient.ConnectAsync(At(port), options));
        Assert.Contains("maskrcnn up", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}", exception.Message, StringComparison.Ordinal);
        Assert.Single(told);
    }

    [Fact]
    public async Task Where_nobody_answers_it_is_said_soon_what_is_waited_for()
    {
        // It takes connections and says nothing, as a machine does whose program hangs; one that is not there is the same for a client.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        int port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var time = new HurriedTime();
        var told = new TaskCompletionSource<(TimeSpan, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancellation = new CancellationTokenSource();
        var options = new MaskRcnnClientOptions { TimeProvider = time, OnWaiting = message => told.TrySetResult((time.Elapsed, message)) };
        Task<MaskRcnnClient> connecting = MaskRcnnClient.ConnectAsync(At(port), options, cancellation.Token);
        Assert.Equal((TimeSpan.FromSeconds(1), $"Waiting up to 30 s for the cluster at 127.0.0.1:{port} to answer."), await told.Task);
        await cancellation.CancelAsync();
        silent.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => connecting);
    }

    private static ClusterAddress At(int port) => ClusterAddress.FromGateways(new GatewayAddress("127.0.0.1", port));

    private static async Task<JobStatus> ListAsync(MaskRcnnClient client)
    {
        await foreach (JobStatus job in client.ListAsync()) return job;
        throw new InvalidOperationException("The list is empty.");
    }

    private static void Write(TemporaryFolder folder, int gateway)
    {
        using Process self = Process.GetCurrentProcess();
        new ClusterFile { Gateways = [$"127.0.0.1:{gateway}"], ProcessId = self.Id, Data = folder.Root, Started = self.StartTime, Ready = true }.Write(folder.Root);
    }
}
