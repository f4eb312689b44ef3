using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>
/// A collection, what <c>maskrcnn predict</c> finds in it, a cluster, and the result of a job that nothing disturbed. Tests
/// may kill the cluster: the next one starts it again.
/// </summary>
public sealed class SharedCluster : IAsyncLifetime
{
    /// <summary>Small, so that there are many commits to be disturbed between.</summary>
    internal const int ShardSize = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private UpProcess? _up;
    private int _jobs;

    internal TinyCollection Collection { get; private set; } = null!;

    /// <summary>The result of a job that nothing disturbed.</summary>
    internal ResultFiles Undisturbed { get; private set; } = null!;

    internal static int Shards => (TinyCollection.Good + TinyCollection.Bad + ShardSize - 1) / ShardSize;

    internal string Data => Path.Combine(_folder.FullName, "data");

    internal string StateHome => Path.Combine(_folder.FullName, "state-home");

    public async ValueTask InitializeAsync()
    {
        Collection = await TinyCollection.CreateAsync();
        UpProcess up = await UpAsync();
        await using MaskRcnnClient client = await up.ConnectAsync();
        JobHandle job = await SubmitAsync(client);
        Undisturbed = await EndAsync(up, client, job, "an undisturbed job ends");
    }

    public async ValueTask DisposeAsync()
    {
        if (_up is not null) await _up.DisposeAsync();
        Collection?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The cluster, running.</summary>
    internal async Task<UpProcess> UpAsync()
    {
        if (_up is { Members: var members } && members.Any(m => m.IsCoordinator) && members.Any(m => m.IsWorker)) return _up;
        if (_up is not null) await _up.DisposeAsync();
        _up = null;
        return _up = await UpProcess.StartAsync(Data, StateHome, "--workers", "1");
    }

    /// <summary>Submits a job over the collection.</summary>
    internal Task<JobHandle> SubmitAsync(MaskRcnnClient client, string? output = null, string? model = null) => client.SubmitAsync(new JobSpecification
    {
        Name = $"job-{++_jobs}",
        Images = Collection.Images,
        Model = model ?? Collection.Model,
        Annotations = Collection.Annotations,
        Output = output ?? Path.Combine(_folder.FullName, "results"),
        ShardSize = ShardSize,
    });

    /// <summary>Waits until a job is in the middle: some shards are committed, and many are not.</summary>
    internal static async Task MiddleAsync(UpProcess up, JobHandle job) =>
        await Patience.UntilAsync("the job's first commits", () => Commits(job) >= 2, async () => $"{await job.GetStatusAsync()}\n{up.Explain()}");

    /// <summary>Commit records of a job.</summary>
    internal static int Commits(JobHandle job)
    {
        string folder = Path.Combine(job.Output, "commits");
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Count() : 0;
    }

    /// <summary>Waits for a job's end, which must be a good one but for the broken images.</summary>
    internal static async Task<ResultFiles> EndAsync(UpProcess up, MaskRcnnClient client, JobHandle job, string phase)
    {
        JobStatus end = await EndAsync(up, job, phase);
        Assert.True(end.State == JobState.CompletedWithErrors, $"{end}\n{up.Explain()}");
        Assert.Equal(new ImageCounts(TinyCollection.Good + TinyCollection.Bad, TinyCollection.Good, TinyCollection.Bad), end.Images);
        return ResultFiles.Read(job);
    }

    /// <summary>Waits for a job's end.</summary>
    internal static Task<JobStatus> EndAsync(UpProcess up, JobHandle job, string phase) => Patience.ForAsync(
        phase,
        async () => await job.GetStatusAsync() is { } status && status.State.IsFinal() ? status : null,
        async () => $"{await job.GetStatusAsync()}\n{await job.DescribeAsync()}\n{up.Explain()}");
}
