using System.Diagnostics;
using System.Net;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Library.Tests.Fakes;

namespace MaskRcnn.Client.Library.Tests.Connection;

public sealed class ClusterLocatorTests
{
    private readonly List<string> _told = [];
    private readonly HurriedTime _time = new();

    [Fact]
    public void The_file_of_a_cluster_reads_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        ClusterFile file = Living(folder);
        file.Write(folder.Root);
        Assert.Equivalent(file, ClusterFile.TryRead(folder.Root), strict: true);
        string text = File.ReadAllText(folder.File("cluster.json"));
        foreach (string member in (string[])["\"schema\": 1", "\"gateways\"", "\"processId\"", "\"data\"", "\"started\"", "\"ready\": true"]) Assert.Contains(member, text, StringComparison.Ordinal);
        Assert.Equal(["cluster.json"], Directory.EnumerateFiles(folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_ready_cluster_is_found_at_once()
    {
        using var folder = new TemporaryFolder();
        Living(folder).Write(folder.Root);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 30000)], await FindAsync(folder));
        Assert.Empty(_told);
        Assert.Equal(TimeSpan.Zero, _time.Elapsed);
    }

    [Fact]
    public async Task A_cluster_that_starts_is_waited_for()
    {
        using var folder = new TemporaryFolder();
        (Living(folder) with { Ready = false }).Write(folder.Root);
        IPEndPoint[] found = await FindAsync(folder, onWaiting: () => Living(folder).Write(folder.Root));
        Assert.Single(found);
        Assert.Contains("is starting", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_clusters_file_is_no_cluster_and_after_the_wait_the_error_says_how_to_start_one()
    {
        using var folder = new TemporaryFolder();
        // This process's id, but of a process that had started long before this one.
        (Living(folder) with { Started = DateTimeOffset.UnixEpoch }).Write(folder.Root);
        ClusterUnavailableException exception = await Assert.ThrowsAsync<ClusterUnavailableException>(() => FindAsync(folder));
        Assert.Contains("lives no more", exception.Message, StringComparison.Ordinal);
        Assert.Contains("maskrcnn up", exception.Message, StringComparison.Ordinal);
        Assert.Equal(folder.Root, exception.Cluster);
        Assert.InRange(_time.Elapsed, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
        Assert.Single(_told);
    }

    [Fact]
    public async Task A_folder_without_a_cluster_is_named_after_the_wait()
    {
        using var folder = new TemporaryFolder();
        ClusterUnavailableException exception = await Assert.ThrowsAsync<ClusterUnavailableException>(() => FindAsync(folder));
        Assert.Contains(folder.File("cluster.json"), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_names_no_gateway_is_an_error()
    {
        using var folder = new TemporaryFolder();
        (Living(folder) with { Gateways = ["nonsense"] }).Write(folder.Root);
        Assert.Contains("nonsense", (await Assert.ThrowsAsync<InvalidDataException>(() => FindAsync(folder))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FindAsync(folder, cancellation.Cancel, cancellation.Token));
    }

    private static ClusterFile Living(TemporaryFolder folder)
    {
        using Process self = Process.GetCurrentProcess();
        return new ClusterFile { Gateways = ["127.0.0.1:30000"], ProcessId = self.Id, Data = folder.Root, Started = self.StartTime, Ready = true };
    }

    private Task<IPEndPoint[]> FindAsync(TemporaryFolder folder, Action? onWaiting = null, CancellationToken cancellation = default)
    {
        var options = new MaskRcnnClientOptions
        {
            TimeProvider = _time,
            OnWaiting = message =>
            {
                _told.Add(message);
                onWaiting?.Invoke();
            },
        };
        return ClusterLocator.FindAsync(ClusterAddress.FromDataFolder(folder.Root), options.ConnectTimeout, options, cancellation);
    }
}
