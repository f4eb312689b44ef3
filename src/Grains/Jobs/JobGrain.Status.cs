using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Jobs;

/// <content>How the job stands, for people and for the dispatcher.</content>
internal sealed partial class JobGrain
{
    private async Task<JobStatus> StatusAsync(CancellationToken cancellation)
    {
        // After a restart what is done is known when every partition was asked.
        if (!IsEnded) await _known.Task.WaitAsync(cancellation);
        return Status();
    }

    private async Task<JobDescription> DescribeAsync(CancellationToken cancellation)
    {
        PartitionDescription[] parts = IsEnded ? [] : await Task.WhenAll(Enumerable.Range(0, _plan.Count).Select(p => Partition(p).Describe()));
        return new JobDescription
        {
            Status = await StatusAsync(cancellation),
            Specification = Specification,
            Shards = parts.SelectMany(p => p.Shards).GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.Sum(s => s.Value)),
            Leases = [.. parts.SelectMany(p => p.Leases).OrderBy(l => l.Since).Take(100)],
            FailedAttempts = [.. parts.SelectMany(p => p.FailedAttempts).OrderByDescending(a => a.Ended).Take(100)],
            Workers = IsEnded ? [] : await GrainFactory.GetGrain<IDispatcherGrain>(0).ListWorkers(cancellation),
            Threads = IsEnded ? await ThreadsOfManifestAsync(cancellation) : [.. parts.SelectMany(p => p.Threads).Distinct().Order()],
        };
    }

    /// <summary>Of a job that ended without a result there are none.</summary>
    private async Task<IReadOnlyList<int>> ThreadsOfManifestAsync(CancellationToken cancellation) =>
        await _job.Store.FindDocumentAsync<ManifestDocument>(JobLayout.Manifest, cancellation) is { } manifest ? manifest.Threads : [];

    private JobDemand Demand()
    {
        (long waiting, long leased) = (_partitions.Values.Sum(p => p.Waiting), _partitions.Values.Sum(p => p.Leased));
        ImageCounts counts = Counts();
        double used = DeviceTimes().Sum(time => time.Total - time.Lost);
        long finished = counts.Done + counts.Failed;
        return new JobDemand(waiting + leased, waiting, used > 0 && finished > 0 ? used / finished * counts.Left : null, _start?.Deadline, Specification.MaxWorkers) { ListingDone = memory.State.ListingDone };
    }

    private IReadOnlyList<DeviceTime> DeviceTimes() => DeviceTime.Sum(_partitions.Values.SelectMany(p => p.DeviceTime));

    private ImageCounts Counts()
    {
        long total = memory.State.Segments.Sum(segment => (long)segment.Images);
        ImageCounts sum = _partitions.Values.Aggregate(default(ImageCounts), (a, p) => a + p.Counts);
        // After a restart the partitions are asked one by one.
        ImageCounts last = memory.State.Counts;
        return sum.Done + sum.Failed >= last.Done + last.Failed ? sum with { Total = total } : last with { Total = total };
    }

    private JobStatus Status()
    {
        ImageCounts counts = _end?.Images ?? Counts();
        bool moves = !IsEnded && !_life.IsPaused;
        return new JobStatus
        {
            Job = _job.Document.Job,
            Generation = _job.Generation,
            Name = _job.Document.Name,
            State = _life.State,
            Images = counts,
            ListingDone = _end?.ListingDone ?? memory.State.ListingDone,
            ImagesPerSecond = moves ? _rate.ImagesPerSecond : 0,
            EtaSeconds = moves && memory.State.ListingDone ? _rate.EtaSeconds(counts.Left) : null,
            AveragePrecision = IsEnded ? _finalAccuracy! : _accuracy.Now,
            Reason = _end is null ? _note : _partial.Trouble is { } trouble ? $"{_end.Reason}; {trouble}" : _end.Reason,
            IsWritingResult = _partial.IsPending,
            Created = _job.Document.Created,
            Finished = _end?.Finished,
            Output = _job.Document.Output,
            Priority = Specification.Priority,
            Updated = time.GetUtcNow(),
            DeviceTime = _end?.DeviceTime ?? DeviceTimes(),
            Deadline = _start?.Deadline,
        };
    }
}
