using System.Diagnostics;
using MaskRcnn.Detection.Tests;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Tests.Partitions;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Grains.Tests.Workers;

/// <summary>One worker, as a silo has it, on a job whose blobs are in memory; the clock is the test's.</summary>
internal sealed class WorkerScene : IProcessEnd, IDisposable
{
    private const string Job = "job";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 15, 0, 0, TimeSpan.Zero);

    private readonly MemoryBlobStore _images = new();
    private readonly LocalWorkers _workers;
    private readonly WorkerEngine _engine;

    /// <param name="shards">Images of each shard.</param>
    /// <param name="prepare">Changes the partition's state, the model and what happens to calls, before the worker starts.</param>
    public WorkerScene(int[] shards, Action<WorkerScene>? prepare = null)
    {
        ListedImage[] images = [.. Enumerable.Range(0, shards.Sum()).Select(Put)];
        Put(Jobs, JobLayout.JobPointer(Job), new PointerDocument(Job, Job, "/out", Start));
        Put(Output, JobLayout.Job, new JobDocument
        {
            Job = Job, Name = Job, Created = Start, Output = "/out", ShardSize = new ShardSize(40, 1 << 20),
            Specification = new JobSpecification { Images = "/images", Model = "/model", Output = "/out", Thumbnails = false },
            Model = new ModelDocument("/model", "tag", 1, new string('0', 64), "stepped", ["bbox"]),
            Categories = [new CategoryDocument(1, 1, "thing")],
        });
        Put(Output, JobLayout.Segment(0), new SegmentDocument { Index = 0, First = 0, FirstShard = 0, Shards = shards, Images = images, End = new ListPosition(images[^1].Name) });
        int first = 0;
        Shards = [.. shards.Select((count, i) => new ShardSnapshot { Range = new ShardRange(JobLayout.ShardId(i), 0, (first += count) - count, count), Status = ShardStatus.Waiting })];
        prepare?.Invoke(this);

        var state = new PartitionState { Job = Job, Output = "/out", Partition = 0, Shards = Shards };
        Coordinator = new FakeCoordinator(PartitionTable.Restore(state, new LeaseOptions(), new Tokens(1).Next, Start), Commit, Time) { OnCall = OnCall };
        var stores = new Stores(uri => uri == "/out" ? Output : _images);
        var options = new WorkerOptions { Renewal = TimeSpan.FromMilliseconds(20), IdlePoll = TimeSpan.FromMilliseconds(1), Grace = Grace };
        var services = new WorkerServices(new FakeGrains(Coordinator), new JobDirectory(Jobs, stores, Time), stores, Model, this, Time, NullLogger<WorkerEngine>.Instance);
        _workers = new LocalWorkers(options, services, NullLogger<LocalWorkers>.Instance);
        _engine = _workers.Start("silo/cpu");
    }

    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(30);

    public FakeTimeProvider Time { get; } = new(Start);

    public MemoryBlobStore Jobs { get; } = new();

    public MemoryBlobStore Output { get; } = new();

    public SteppedModel Model { get; } = new();

    public IReadOnlyList<ShardSnapshot> Shards { get; set; }

    public Func<string, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    public FakeCoordinator Coordinator { get; }

    public WorkerReport Report => _engine.Report();

    /// <summary>Lets images out, each after a second, until so many are.</summary>
    /// <returns>How many are out: one that waited for another comes out with it.</returns>
    public async Task<int> StepToAsync(int images)
    {
        Model.OnImage = () => { };
        while (Report.Images < images)
        {
            int inferred = Model.Inferred.Count;
            Time.Advance(Second);
            Model.AllowOne();
            await UntilAsync($"another image than the {inferred}, as {Report.Images} are out", () => Model.Inferred.Count > inferred);
            // It may be one that waits for an earlier one; then nothing comes out.
            await UntilAsync("what can come out is out", () => Report.Images >= Model.Inferred.TakeWhile((image, i) => image == i).Count());
        }
        return (int)Report.Images;
    }

    /// <summary>The silo is told to leave.</summary>
    public async Task<Task> LeaveAsync()
    {
        // What is worked on from now on takes its time by itself.
        Model.OnImage = () => Time.Advance(Second);
        Task leaving = _workers.LeaveAsync();
        await UntilAsync("the worker says that it leaves", () => Report.State == WorkerReport.Draining);
        return leaving;
    }

    /// <summary>Waits until the worker has left; no time passes but that of images.</summary>
    public async Task EndAsync(Task leaving)
    {
        await UntilAsync("the worker has left", () => leaving.IsCompleted);
        await leaving;
    }

    /// <summary>Lets time pass until the worker has left: the grace at most.</summary>
    public async Task ExhaustAsync(Task leaving, DateTimeOffset since)
    {
        await UntilAsync("the worker has left", () =>
        {
            if (!leaving.IsCompleted && Time.GetUtcNow() < since + Grace) Time.Advance(TimeSpan.FromMilliseconds(50));
            return leaving.IsCompleted;
        });
        await leaving;
    }

    public CommitRecord? Commit(string shard) => Output.FindDocumentAsync<CommitRecord>(JobLayout.Commit(shard), CancellationToken.None).GetAwaiter().GetResult();

    public string[] Names(string prefix) => [.. Output.ListAsync(prefix, null, 1000, CancellationToken.None).ToBlockingEnumerable().SelectMany(page => page.Blobs).Select(blob => blob.Name)];

    public ShardSnapshot Shard(string id) => Coordinator.State.Shards.Single(shard => shard.Range.Id == id);

    /// <summary>Waits for what the worker's threads do; never for a time to pass.</summary>
    public async Task UntilAsync(string what, Func<bool> holds)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience,
                $"{what}: not after {Patience.TotalSeconds} s. {Report}; inferred {string.Join(",", Model.Inferred)}; {string.Join(", ", Coordinator.Calls)}; {string.Join(", ", Names("commits/"))}");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    void IProcessEnd.Now(int exitCode, string reason) => throw new InvalidOperationException(reason);

    public void Dispose()
    {
        Model.MayLoad.Set();
        Model.AllowAll();
        _workers.Dispose();
    }

    private static void Put<T>(MemoryBlobStore store, string name, T document) where T : class =>
        store.WriteAsync(name, DocumentJson.Write(document), WriteCondition.Absent, "test", CancellationToken.None).GetAwaiter().GetResult();

    private ListedImage Put(int index)
    {
        byte[] file = BmpFile.Black(index + 1);
        string name = $"{index:D3}.bmp";
        WriteResult written = _images.WriteAsync(name, file, WriteCondition.Absent, "test", CancellationToken.None).GetAwaiter().GetResult();
        return new ListedImage(name, file.Length, written.ETag!, index + 1);
    }
}
