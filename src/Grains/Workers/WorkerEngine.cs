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
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _jobGate = new();
    private WorkerJob? _job;
    private volatile PredictionPipeline? _pipeline;
    private volatile string _state = "idle";

    public WorkerEngine(string worker, WorkerOptions options, WorkerServices services)
    {
        (_worker, _options, _services, _logger) = (worker, options, services, services.Logger);
        Device = worker[(worker.LastIndexOf('/') + 1)..];
        _models = new ModelCache(services.Models, Device);
        _statistics = new WorkerStatistics(services.Time);
        _leases = new LeaseKeeper(services.Grains, options, _logger, Report);
        _committer = new ShardCommitter(_leases, options.PendingCommits, ReportFault, _logger);
        _gauges = new WorkerGauges(Device, new DeviceClock(services.Time), () => _leases.Held.Count, () => _pipeline?.Depths ?? default, () => _committer.Waiting);
        WorkerMetrics.Begin(_gauges);
        _ = new BackgroundThread("image watch", _ => ImageWatch.Run(() => _pipeline?.InFlight ?? [], services.Process, _stop.Token));
        _thread = new BackgroundThread("worker", _ => Work(_stop.Token));
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
        // The pipeline stays open between shards.
        State = _state is "working" && _leases.Held.Count == 0 ? "idle" : _state,
    };

    /// <summary>Gives everything back, and ends.</summary>
    public async Task DrainAsync()
    {
        _state = "draining";
        await _stop.CancelAsync();
        await _thread.End.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _leases.Stop();
    }

    private void Work(CancellationToken stop)
    {
        try
        {
            ShardTask? next = null;
            while (!stop.IsCancellationRequested)
            {
                next ??= NextShard(stop);
                if (next is null) continue;
                ShardTask first = next;
                next = null;
                if (Load(first, stop) is not { } model) continue;
                _state = "working";
                try
                {
                    RunPipeline(model, first, leftover => next = leftover, stop);
                    _state = "idle";
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // A fault of the pipeline, not of an image: what was in it is given back.
                    LogPipelineFailed(exception);
                    _state = exception.Message;
                    _leases.ReleaseAll(exception.Message);
                    next = null;
                    stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        finally
        {
            WorkerMetrics.End(_gauges);
            _committer.Finish(stop.IsCancellationRequested);
            _committer.Dispose();
            _leases.ReleaseAll(null);
            _leases.Stop();
            _models.Dispose();
        }
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
            for (ShardTask? shard = first; shard is not null; shard = Follow(shard, end))
            {
                if (!_leases.Begin(shard.Held)) continue;
                shard.Writer.Begin();
                foreach (PredictionInput input in shard.Inputs(end)) yield return input;
            }
        }

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
            if (result.Shard.IsDone) _committer.Add(result.Shard);
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
                if (_job?.Document.Job != held.Lease.Job)
                    _job = new WorkerJob(_services.Jobs.OpenAsync(held.Lease.Job, stop).GetAwaiter().GetResult(), _services.Stores, _services.Time);
                held.Trace.Belongs(_job.Document);
                return new ShardTask(held, _job, _job.ImagesOf(held.Lease.Shard), _job.NewWriter(held.Lease, _worker));
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
            return _models.Get(shard.Job.Context);
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
        catch (Exception untold) when (untold is TimeoutException or OrleansException)
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

    [LoggerMessage(Level = LogLevel.Error, Message = "The pipeline failed; its shards are given back")]
    private partial void LogPipelineFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: it is given back")]
    private partial void LogGivenBack(string job, string shard, string attempt, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: the job could not be told of a fault")]
    private partial void LogUntold(string job, string shard, string attempt, Exception exception);
}
