using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Results;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Tests.Wire;

/// <summary>One fixed instance of each type that crosses the wire or is stored: every member has a value of its own.</summary>
internal static class WireSamples
{
    private static readonly DateTimeOffset Moment = new(2026, 11, 22, 15, 30, 0, 123, TimeSpan.FromHours(1));

    private static readonly ShardRange Range = new("00000123.1", 17, 70_000_000_123, 8);

    private static readonly DeviceTime Time = new("cuda", 1.5, 60.25, 2.5, 10);

    private static readonly JobDemand Demand = new(30, 20, 123.5, Moment.AddHours(2), 8) { ListingDone = true };

    private static readonly AttemptReport Attempt = new("00000123", "5f3c", "10.0.0.1:11111@7/cpu", Moment, Moment.AddSeconds(20), "its silo died", true);

    private static readonly LeaseReport Held = new("00000124", 16, "10.0.0.2:11111@8/cuda:0", 2, true, Moment, Moment.AddSeconds(5), 3, 1);

    private static readonly LeaseSnapshot Stored = new()
    {
        Worker = "10.0.0.1:11111@7/cpu", Token = new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"), Attempt = "5f3d", Alone = true, Begun = true,
        Since = Moment, LastRenewal = Moment.AddSeconds(5), ImagesDone = 4, Epoch = 2, BegunAt = Moment.AddSeconds(3),
    };

    private static readonly ShardSnapshot Snapshot = new()
    {
        Range = Range, Status = ShardStatus.Held, Epoch = 3, Suspicions = 2, AloneDeaths = 1, Done = 7, Failed = 1, Decision = "5f3e", Lease = Stored,
    };

    private static readonly WorkerReport Worker = new()
    {
        Worker = "10.0.0.1:11111@7/cpu", Host = "node-3", ProcessId = 4711, Device = "cpu", Model = "9f86d081", Shards = ["00000123.1", "00000124"], Images = 5_000_000_000,
        ImagesPerSecond = 1.25, LastHeartbeat = Moment, State = "working", Pool = "gpu", Usage = [new JobUsage("job", 12.5, 40)],
    };

    private static readonly JobSpecification Specification = new()
    {
        Name = "nuclei", Images = "/data/images", Model = "az://models/nuclei.safetensors", Output = "/data/out", Annotations = "/data/instances.json", Pattern = "**/*.png",
        Limit = 10_000_000_000, ShardSize = 16, ScoreThreshold = 0.3, EvaluationLimits = [1, 10, 100], MaxFailureRate = 0.01, Priority = -2, Precision = "bf16",
        Png = true, KeepParts = true, Deterministic = true, ImageSeconds = 30, BatchSize = 4, Thumbnails = false,
        Weight = 2.5, Tenant = "research", Pool = "gpu", DeadlineSeconds = 7200, MaxWorkers = 8,
        Source = "manifest", ImagesRoot = "/data/root", KeepPartsSeconds = 86_400, MaxEvaluationBytes = 2_000_000_000,
    };

    private static readonly JobStatus Status = new()
    {
        Job = "20261122-153000-k3f9x2", Name = "nuclei", State = JobState.Running, Images = new ImageCounts(100, 60, 1), ListingDone = true, ImagesPerSecond = 12.5,
        EtaSeconds = 3.12, AveragePrecision = new Dictionary<string, double> { ["bbox"] = 0.5, ["segm"] = 0.25 }, Reason = "waits for a worker", Created = Moment,
        Finished = Moment.AddHours(1), Output = "/data/out/20261122-153000-k3f9x2", Priority = 5, Updated = Moment.AddMinutes(1),
        DeviceTime = [Time], Deadline = Moment.AddHours(2), IsWritingResult = true, Generation = 3,
    };

    private static readonly PartitionState Table = new() { Job = "job", Output = "/out/job", Partition = 3, Shards = [Snapshot], FailedAttempts = [Attempt], Threads = [2, 8], DeviceTime = [Time], TimedImages = 40 };

    private static readonly NameSample Names = new(["a.png", "b/ü.png"], 12);

    public static IReadOnlyList<object> All { get; } =
    [
        Range, Attempt, Held, Stored, Snapshot, Worker, Specification, Status, Names,
        ShardStatus.Split, JobState.CompletedWithErrors, new ImageCounts(3, 2, 1),
        Table,
        new PartitionMemory { Table = Table, Quiet = [1, 2, 3] },
        new JobMemory { IsPaused = true, Segments = [new SegmentHeader(4, 2, 30)], ListingDone = true, Counts = new ImageCounts(30, 20, 2) },
        new SegmentHeader(4, 2, 30),
        new ListingStatus([new SegmentHeader(0, 4, 60), new SegmentHeader(4, 2, 30)], true, "it cannot be read", true),
        new ReductionStatus(0.5, true, "it cannot be written", true),
        new LeaseKey("00000123", 2, Stored.Token),
        new TidyReport(Moment, true),
        new PartitionStatus(new ImageCounts(30, 20, 2), true, 5, true) { HasStraggler = true, Waiting = 4, Leased = 3, DeviceTime = [Time] },
        new PartitionDescription(new Dictionary<string, long> { ["split"] = 1 }, [Held], [Attempt], [2, 8]),
        new PinnedSiloPlacement(),
        new Lease { Job = "job", Output = "/out/job", Partition = 3, Shard = Range, Epoch = 2, Token = Stored.Token, Attempt = "5f3d", TimeToLive = TimeSpan.FromSeconds(15), Alone = true },
        new JobWork("job", 5, Moment, [0, 2]) { Weight = 2.5, Tenant = "research", Model = "9f86d081", Pool = "gpu", Stragglers = [3], Demand = Demand, HasEnded = true },
        Demand, Time, new JobUsage("job", 12.5, 40), new ScalingSignal("gpu", 4, 3, 5, 123.5, "123 device-seconds in 60 s"),
        new DryRunReport
        {
            Done = true, Problems = ["p"], Images = 10, Bytes = 20, Skipped = 3, NotAnnotated = Names, Duplicates = new NameSample(["d"], 1), Missing = new NameSample([], 0),
            Shards = 4, ShardSize = 16, Model = "maskrcnn_resnet50_fpn", ModelSha256 = "9f86d081", Notes = ["n"],
            NotFound = new NameSample(["lost.png"], 2), EvaluationBytes = 67_000_000,
        },
        new JobFilter { States = [JobState.Running, JobState.Failed], NameContains = "nu", After = "20261122", PageSize = 7 },
        new JobPage([Status], "20261121"),
        new JobDescription
        {
            Status = Status, Specification = Specification, Shards = new Dictionary<string, long> { ["waiting"] = 5 }, Leases = [Held], FailedAttempts = [Attempt], Workers = [Worker],
            Threads = [2, 8],
        },
        new JobRecovery { Output = "https://a/out/job?sig=o", Images = "https://a/images?sig=i", Model = "https://a/m?sig=m", Annotations = "https://a/g?sig=g", ImagesRoot = "https://a/r?sig=r" },
        new SubmitReceipt("20261122-153000-k3f9x2", "nuclei", Moment, "/data/out/20261122-153000-k3f9x2", ["a note"], true),
        new OutputAddress("https://account.blob.core.windows.net/results/run/20261122-153000-k3f9x2?sig=x"),
        new JobNotFoundException("nuclei"),
        new JobConflictException("nuclei", "shardSize: there 16, here 32"),
        new JobRejectedException("nuclei", ["limit is 0; expected at least 1."]),
        new JobStateException("nuclei", JobState.Failed, "it cannot be paused any more"),
    ];
}
