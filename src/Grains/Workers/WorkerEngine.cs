using MaskRcnn.Coco.Json;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// What a worker does all day, on threads of its own: lease a shard, push its images through the pipeline, and lease the next
/// one before the last is out, so that the device never waits; committing is a third thing that happens meanwhile.
/// </summary>
internal sealed partial class WorkerEngine : IDisposable
{
    private readonly string _worker;
    private readonly WorkerOptions _options;
    private readonly WorkerServices _services;
    private readonly ILogger _logger;
    private readonly ModelCache _models;
    private readonly LeaseKeeper _leases;
    private readonly ShardCommitter _committer;
    private readonly WorkerStatistics _statistics;
    private readonly WorkerGauges _gauges;
    private readonly BackgroundThread _thread;
    private readonly ShardsAtWork _atWork;
    private readonly WorkPace _pace;
    private readonly DeviceAccount _account;

    /// <summary>No more leases; what is begun goes on.</summary>
    private readonly CancellationTokenSource _leave = new();

    /// <summary>The end of all work.</summary>
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _jobGate = new();
    private volatile Leaving? _leaving;
    private volatile bool _isDisposed;
    private WorkerJob? _job;
    private volatile PredictionPipeline? _pipeline;
    private volatile string _state = "idle";

    public WorkerEngine(string worker, WorkerOptions options, WorkerServices services)
    {
        (_worker, _options, _services, _logger) = (worker, options, services, services.Logger);
        Device = worker[(worker.LastIndexOf('/') + 1)..];
        _models = new ModelCache(services.Models, Device);
        _statistics = new WorkerStatistics(services.Time);
        _pace = new WorkPace(services.Time);
        var clock = new DeviceClock(services.Time);
        _account = new DeviceAccount(clock, services.Time);
        _leases = new LeaseKeeper(services, options, Report);
        _committer = new ShardCommitter(_leases, options.PendingCommits, ReportFault, _logger);
        _atWork = new ShardsAtWork(_committer.Add);
        _gauges = new WorkerGauges(Device, clock, () => _leases.Held.Count, () => _pipeline?.Depths ?? default, () => _committer.Waiting);
        WorkerMetrics.Begin(_gauges);
        _leases.Start();
        _ = new BackgroundThread("image watch", _ => ImageWatch.Run(() => _pipeline?.InFlight ?? [], services.Process, _stop.Token));
        _thread = new BackgroundThread("worker", _ => Work());
    }

    public string Device { get; }

    /// <summary>How it stands.</summary>
    public WorkerReport Report() => new()
    {
        Worker = _worker,
        Host = Environment.MachineName,
        ProcessId = Environment.ProcessId,
        Device = Device,
        Model = _models.Current,
        Shards = [.. _leases.Held.Select(h => h.Lease.Shard.Id)],
        Images = _statistics.Images,
        ImagesPerSecond = _statistics.PerSecond,
        Pool = _options.Pool,
        Usage = _account.Usage,
        State = _leaving is not null ? WorkerReport.Draining
            // The pipeline stays open between shards.
            : _state is "working" && _leases.Held.Count == 0 ? "idle" : _state,
    };

    /// <summary>
    /// Leaves: asks for no more, gives back what is not begun, and finishes the shards at work if that fits; if not, it ends them
    /// with the images that are in the pipeline, or at last with those that are out.
    /// </summary>
    /// <param name="leaving">How long it may take.</param>
    /// <returns>Whether nothing is left to do; false at the end of the grace.</returns>
    public Task<bool> LeaveAsync(Leaving leaving)
    {
        _leaving = leaving;
        // At once, and whatever waits for it too: no more is asked for from here on.
        _leave.Cancel();
        return FinishAsync(leaving);
    }

    private async Task<bool> FinishAsync(Leaving leaving)
    {
        Task told = Task.WhenAll(_leases.TellAsync(), _leases.ReleaseUnstartedAsync());
        Task work = Quietly(_thread.End);
        await Task.WhenAny(work, Task.Delay(leaving.WorkLeft, _services.Time));
        // On a thread of its own: a stage of the pipeline may never come back, and the committer waits for the store.
        if (!work.IsCompleted) work = Task.WhenAll(work, Quietly(new BackgroundThread("leaving", _ => EndWork()).End));
        Task all = Task.WhenAll(work, told);
        await Task.WhenAny(all, Task.Delay(leaving.GraceLeft, _services.Time));
        return all.IsCompleted;

        static Task Quietly(Task task) => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _committer.Hurry();
        _leave.Cancel();
        _stop.Cancel();
        _leases.Stop();
    }

    private void Work()
    {
        CancellationToken leave = _leave.Token;
        try
        {
            ShardTask? next = null;
            while (!leave.IsCancellationRequested)
            {
                next ??= NextShard(leave);
                if (next is null) continue;
                ShardTask first = next;
                next = null;
                if (Load(first, leave) is not { } model) continue;
                _state = "working";
                try
                {
                    RunPipeline(model, first, leftover => next = leftover, _stop.Token);
                    _state = "idle";
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !leave.IsCancellationRequested)
                {
                    // A fault of the pipeline, not of an image: what was in it is given back.
                    LogPipelineFailed(exception);
                    _state = exception.Message;
                    _atWork.Forget();
                    _leases.ReleaseAll(exception.Message);
                    next = null;
                    leave.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
                }
            }
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // A fault of ours. A worker that is silent is of no use to anybody: whoever has started the process starts another.
            LogFailed(exception);
            if (!_isDisposed) _services.Process.Now(ProcessEnd.Fault, $"the worker {Device} has failed: {exception.Message}");
        }
        finally
        {
            WorkerMetrics.End(_gauges);
            EndWork();
            _committer.Dispose();
            _models.Dispose();
        }
    }

    /// <summary>Ends what is left of the work with the images that are out, and commits that; may be called again.</summary>
    private void EndWork()
    {
        _stop.Cancel();
        if (!_isDisposed) _atWork.CutAll();
        _committer.Finish();
        _leases.ReleaseAll(null);
        _leases.Stop();
    }

    /// <summary>Runs shards until one comes that cannot share the pipeline: of another model, or to be done alone.</summary>
    private void RunPipeline(IImageModel model, ShardTask first, Action<ShardTask> setLeftover, CancellationToken stop)
    {
        string key = _services.Models.KeyOf(first.Job.Document);
        JobSpecification specification = first.Job.Document.Specification;
        var options = new PredictionOptions
        {
            BatchSize = specification.BatchSize ?? (Device == "cpu" ? 1 : 8),
            Decoding = new ImageDecodeOptions { MaxPixels = _services.Stores.Limits.ImagePixels },
            BatchHalved = images => LogBatchHalved(Device, images),
        };
        // Without pixels nothing large waits between the stages; what costs then is threads that wake each other for every image.
        if (!model.NeedsPixels) options = options with { ReadAhead = 256 };
        var pipeline = new PredictionPipeline(new MeasuredModel(model, Device, _gauges.Clock), options);
        _pipeline = pipeline;
        try
        {
            pipeline.Run(Inputs, Finish, Deliver, stop);
        }
        finally
        {
            _pipeline = null;
        }

        IEnumerable<PredictionInput> Inputs(CancellationToken end)
        {
            using var noMore = CancellationTokenSource.CreateLinkedTokenSource(end, _leave.Token);
            for (ShardTask? shard = first; shard is not null; shard = Follow(shard, noMore.Token))
            {
                // Loading and draining take time, in which a job of higher priority may have come.
                if (_leases.IsOutranked(shard.Held))
                {
                    _leases.Release(shard.Held, null);
                    continue;
                }
                if (!_leases.Begin(shard.Held)) continue;
                shard.Begun = _services.Time.GetTimestamp();
                shard.Writer.Begin();
                if (!_atWork.TryAdd(shard))
                {
                    _leases.Release(shard.Held, null);
                    yield break;
                }
                foreach (PredictionInput input in shard.Inputs(GoesOn, end)) yield return input;
                _atWork.EndGiving(shard);
            }
        }

        // Asked at every image: the estimate gets better, and the time shorter.
        bool GoesOn() => _leaving is not { } leaving || leaving.Fits(_atWork.ImagesLeft, _pace.Each);

        ShardTask? Follow(ShardTask shard, CancellationToken end)
        {
            if (shard.Held.Lease.Alone) return null;
            ShardTask? next = null;
            while (next is null && !end.IsCancellationRequested) next = NextShard(end);
            if (next is null || (!next.Held.Lease.Alone && _services.Models.KeyOf(next.Job.Document) == key && next.Job.Document.Specification.BatchSize == specification.BatchSize)) return next;
            setLeftover(next);
            return null;
        }

        (ShardTask, EncodedImage?) Finish(Prediction prediction)
        {
            (ShardTask shard, int index) = (ImagePlace)prediction.Tag!;
            if (prediction.Error is { } error && DeviceFault.IsCauseOf(error)) _services.Process.Now(ProcessEnd.Fault, $"the device has failed on {shard.Images[index].Name}: {error.Message}");
            return (shard, shard.Encode(prediction, index));
        }

        void Deliver((ShardTask Shard, EncodedImage? Image) result)
        {
            result.Shard.Deliver(result.Image);
            _statistics.ImageDone();
            _account.Delivered(result.Shard);
            _pace.Delivered(result.Shard, result.Shard.Begun);
            _atWork.HandOn(result.Shard);
        }
    }

    /// <summary>Leases a shard and reads what it is; null when there is none now, or it could not be read.</summary>
    private ShardTask? NextShard(CancellationToken stop)
    {
        if (_leases.TryNext(stop) is not { } held)
        {
            stop.WaitHandle.WaitOne(_options.IdlePoll);
            return null;
        }
        try
        {
            // The feeder of a pipeline that has failed may still be here when the next one begins.
            lock (_jobGate)
            {
                if (_job?.Context.Run != held.Lease.Job)
                    _job = new WorkerJob(_services.Jobs.OpenAsync(held.Lease.Job, stop).GetAwaiter().GetResult(), _services.Stores, _services.Time);
                held.Trace.Belongs(_job.Document);
                return new ShardTask(held, _job, _job.ImagesOf(held.Lease.Shard, stop), _job.NewWriter(held.Lease, _worker), Device);
            }
        }
        catch (CocoFormatException exception)
        {
            ReportFault(held, exception.Message, isPermanent: true);
            GiveBack(held, exception, stop);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DocumentException or JobException)
        {
            GiveBack(held, exception, stop);
            return null;
        }
    }

    private IImageModel? Load(ShardTask shard, CancellationToken stop)
    {
        _state = "loading";
        try
        {
            long start = _services.Time.GetTimestamp();
            IImageModel model = _models.Get(shard.Job.Context);
            _account.Loaded(shard, _services.Time.GetElapsedTime(start));
            return model;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A store that is away says nothing on the model.
            if (!StoreTrouble.MayPass(exception)) ReportFault(shard.Held, $"the model does not load: {exception.Message}", isPermanent: false);
            GiveBack(shard.Held, exception, stop);
            return null;
        }
        finally
        {
            _state = "idle";
        }
    }

    private void ReportFault(HeldLease held, string reason, bool isPermanent)
    {
        try
        {
            _services.Grains.GetGrain<IJobCoordinatorGrain>(held.Lease.Job).ReportFault(_worker, reason, isPermanent).GetAwaiter().GetResult();
        }
        catch (Exception untold) when (untold is not OutOfMemoryException)
        {
            LogUntold(held.Lease.Job, held.Lease.Shard.Id, held.Lease.Attempt, untold);
        }
    }

    private void GiveBack(HeldLease held, Exception reason, CancellationToken stop)
    {
        LogGivenBack(held.Lease.Job, held.Lease.Shard.Id, held.Lease.Attempt, reason);
        _leases.Release(held, reason.Message);
        // Whoever has this trouble must not spin.
        stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The worker has failed; its process ends")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The pipeline failed; its shards are given back")]
    private partial void LogPipelineFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch does not fit the memory of {Device}: at most {Images} images at a time from now on. --batch-size of the job says how many are tried")]
    private partial void LogBatchHalved(string device, int images);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: it is given back")]
    private partial void LogGivenBack(string job, string shard, string attempt, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: the job could not be told of a fault")]
    private partial void LogUntold(string job, string shard, string attempt, Exception exception);
}
