using System.Text;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Grains;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>What outlives a cluster: the blobs. Collections and outputs are in memory, below <c>/blobs</c>; the model is a file.</summary>
internal sealed class SharedBlobs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly Dictionary<string, MemoryBlobStore> _stores = [];

    public SharedBlobs()
    {
        using WeightFile weights = WeightFile.Open(GoldenFile("tiny_model.safetensors"));
        ModelFile.Write(Model, TinyConfiguration.Value, weights.Weights);
    }

    public MemoryBlobStore State { get; } = new();

    public string Model => Path.Combine(_folder.FullName, "tiny.safetensors");

    public static string GoldenFile(string name) => Path.Combine(RepositoryRoot(), "tests/data/detection/golden", name);

    public IBlobStore Open(string uri)
    {
        if (!uri.StartsWith("/blobs/", StringComparison.Ordinal)) return BlobStores.Open(uri);
        lock (_stores) return _stores.TryGetValue(uri, out MemoryBlobStore? store) ? store : _stores[uri] = new MemoryBlobStore();
    }

    /// <summary>Puts images that only a model without pixels can do with.</summary>
    public async Task PutImagesAsync(int count)
    {
        for (int i = 0; i < count; i++)
            await Open("/blobs/images").WriteAsync($"{i % 7}/{i:D5}.png", Encoding.ASCII.GetBytes($"image {i}"), WriteCondition.Absent, "test", CancellationToken.None);
    }

    /// <summary>The files of a result that must be the same in every run.</summary>
    public async Task<Dictionary<string, string>> ResultAsync(SubmitReceipt job)
    {
        var files = new Dictionary<string, string>();
        foreach (string name in (string[])["masks.tar", "detections.json", "report.json", "report.md", "errors.jsonl"])
            files[name] = Convert.ToBase64String((await Open(job.Output).ReadAsync("result/" + name, null, CancellationToken.None)).Data);
        return files;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string RepositoryRoot([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}

/// <summary>Silos in this process, each coordinator and worker, over shared blobs.</summary>
internal sealed class JobCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly SharedBlobs _blobs;
    private readonly InProcessTestCluster _cluster;

    private JobCluster(SharedBlobs blobs, InProcessTestCluster cluster) => (_blobs, _cluster) = (blobs, cluster);

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>Starts a cluster.</summary>
    /// <param name="blobs">What it works on.</param>
    /// <param name="silos">How many silos.</param>
    /// <param name="wrap">What is between a silo and its blobs: the silo's name, a root's URI, its store.</param>
    /// <param name="models">The workers' models; null: one that finds nothing.</param>
    /// <param name="retention">How long ended jobs are known; null: as long as usual.</param>
    public static async Task<JobCluster> StartAsync(
        SharedBlobs blobs, int silos = 3, Func<string, string, IBlobStore, IBlobStore>? wrap = null, IModelLoader? models = null, RetentionOptions? retention = null)
    {
        wrap ??= (_, _, store) => store;
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((options, silo) =>
        {
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 2;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            });
            silo.Services.AddSingleton(models ?? new EmptyModelLoader());
            silo.AddMaskRcnn([SiloRoles.Coordinator, SiloRoles.Worker], new GrainsOptions
            {
                State = wrap(options.SiloName, "state", blobs.State),
                OpenStore = uri => wrap(options.SiloName, uri, blobs.Open(uri)),
                Leases = new LeaseOptions { TimeToLive = TimeSpan.FromSeconds(2), Renewal = TimeSpan.FromSeconds(.5) },
                Retention = retention ?? new RetentionOptions(),
                Workers = new WorkerOptions { Renewal = TimeSpan.FromSeconds(.5), IdlePoll = TimeSpan.FromMilliseconds(50) },
            });
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new JobCluster(blobs, cluster);
    }

    public Task<SubmitReceipt> SubmitAsync(JobSpecification? specification = null) =>
        Grains.GetGrain<IJobIndexGrain>(0).Submit(specification ?? Specification());

    /// <summary>A job over the images in shards of ten.</summary>
    public JobSpecification Specification() =>
        new() { Name = "test", Images = "/blobs/images", Model = _blobs.Model, Output = "/blobs/output", ShardSize = 10, Thumbnails = false };

    /// <summary>Waits until a job is as it should be. Silos may come and go meanwhile.</summary>
    public async Task<JobStatus> WaitAsync(SubmitReceipt job, string what, Func<JobStatus, bool> holds)
    {
        long start = TimeProvider.System.GetTimestamp(), done = 0;
        object? last = null;
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            try
            {
                using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
                JobStatus status = await Grains.GetGrain<IJobGrain>(job.Job).GetStatus(soon.Token);
                Assert.True(status.Images.Done >= done, $"done fell from {done} to {status.Images.Done}");
                Assert.True(status.Images.Left >= 0);
                done = status.Images.Done;
                last = status;
                if (holds(status)) return status;
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException or IOException or OperationCanceledException)
            {
                last = exception;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        throw new TimeoutException($"Job {job.Job}: {what} did not come within {Patience.TotalSeconds} s; last seen: {last}");
    }

    public Task<JobStatus> WaitForEndAsync(SubmitReceipt job) => WaitAsync(job, "its end", status => status.State.IsFinal());

    /// <summary>Kills a silo without a word to the others. Its threads live on, as a zombie's.</summary>
    public async Task KillAsync(string silo) => await _cluster.KillSiloAsync(_cluster.Silos.Single(s => s.Name == silo));

    /// <summary>Kills all.</summary>
    public async Task KillAllAsync()
    {
        foreach (InProcessSiloHandle silo in _cluster.Silos.ToArray()) await _cluster.KillSiloAsync(silo);
    }

    public Task AddSiloAsync() => _cluster.StartAdditionalSiloAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
