using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Jobs;

/// <summary>Runs a dry run on a thread of its own.</summary>
[RequireSiloRole(SiloRoles.Coordinator)]
internal sealed class DryRunGrain(Submission submission, Stores stores, TimeProvider time) : Grain, IDryRunGrain
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private BackgroundThread? _thread;
    private volatile DryRunReport _report = new() { Done = false };

    public async Task<DryRunReport> Poll(JobSpecification specification, CancellationToken cancellation)
    {
        if (_thread is null)
        {
            bool gpu = (await GrainFactory.GetGrain<IDispatcherGrain>(0).ListWorkers(cancellation)).Any(worker => worker.Device != "cpu");
            _thread = new BackgroundThread("dry run", stop => Run(specification.Completed(), gpu, stop));
        }
        await Task.WhenAny(_thread.End, Task.Delay(LongestWait, time, cancellation));
        if (_thread.End.IsFaulted) return new DryRunReport { Done = true, Problems = [_thread.End.Exception!.InnerException!.Message] };
        return _report;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _thread?.Stop();
        return Task.CompletedTask;
    }

    private void Run(JobSpecification specification, bool gpu, CancellationToken stop)
    {
        JobDraft draft;
        try
        {
            draft = submission.Draft(specification, gpu, stop);
        }
        catch (JobRejectedException rejected)
        {
            _report = new DryRunReport { Done = true, Problems = rejected.Problems };
            return;
        }
        string? nameProblem = submission.NameProblemAsync(specification, stop).GetAwaiter().GetResult();
        AnnotatedNames? names = draft.Annotations is { } annotations ? new AnnotatedNames(annotations.Images) : null;
        using IImageSource source = ImageSources.Open(JobAddresses.Of(specification, specification.Output), draft.Source, stores);
        NameSample repeated = source.Prepare(stop);
        var counts = new NameCounts(names, repeated);
        var filter = new CollectionFilter(specification.Pattern, source.IsNamed);
        var builder = new SegmentBuilder(
            draft.ShardSize, filter, names is null ? null : new AnnotatedNames(draft.Annotations!.Images), specification.Limit, hasIds: source.HasIds, repeated: repeated.Count);
        foreach (SourcePage page in source.List(null, filter, stop))
        {
            foreach (SegmentDocument segment in builder.Add(page)) counts.Add(segment);
            CollectionLister.CheckCount(builder, source, stores.Limits);
            Report(done: false);
            if (builder.IsFull) break;
        }
        if (builder.Finish() is { } last) counts.Add(last);
        Report(done: true);

        void Report(bool done) => _report = new DryRunReport
        {
            Done = done,
            Problems =
            [
                .. nameProblem is null ? Array.Empty<string>() : [nameProblem],
                .. done && EvaluationMemory.Problem(specification, draft.Model, draft.Categories.Evaluated.Count, counts.Images, counts.Shards) is { } tooLarge ? [tooLarge] : Array.Empty<string>(),
                .. done && counts.Images == 0 ? [$"there is no image in {BlobUri.WithoutSecrets(specification.Images)}"] : Array.Empty<string>(),
            ],
            Images = counts.Images,
            Bytes = counts.Bytes,
            Skipped = counts.Skipped,
            NotAnnotated = counts.NotAnnotated,
            Duplicates = counts.Duplicates,
            NotFound = counts.NotFound,
            Missing = done && names is not null ? new NameSample([.. names.Missing().Take(NameCounts.Samples)], names.MissingCount) : new NameSample([], 0),
            Shards = counts.Shards,
            EvaluationBytes = EvaluationMemory.Bytes(specification, draft.Model, draft.Categories.Evaluated.Count, counts.Images, counts.Shards),
            ShardSize = draft.ShardSize.Images,
            Model = draft.Model.Name,
            ModelSha256 = draft.Model.Sha256,
            Notes =
            [
                .. draft.Categories.Notes,
                .. done && names is not null && counts.Images > 0 && counts.NotAnnotated.Count == counts.Images
                    ? ["The annotations name none of the images: there will be nothing to evaluate."] : Array.Empty<string>(),
                .. BlobUri.IsBelow(specification.Output, specification.Images)
                    ? ["The output lies within the collection: a later job over the collection would list it, too."] : Array.Empty<string>(),
            ],
        };
    }

    /// <summary>What a dry run counts.</summary>
    private sealed class NameCounts(AnnotatedNames? names, NameSample repeated)
    {
        public const int Samples = 20;

        private readonly List<string> _notAnnotated = [], _duplicates = [.. repeated.Names], _notFound = [];
        private long _notAnnotatedCount, _duplicateCount = repeated.Count, _notFoundCount;

        public long Images { get; private set; }

        public long Bytes { get; private set; }

        public long Skipped { get; private set; }

        public int Shards { get; private set; }

        public NameSample NotAnnotated => new([.. _notAnnotated], _notAnnotatedCount);

        public NameSample Duplicates => new([.. _duplicates], _duplicateCount);

        public NameSample NotFound => new([.. _notFound], _notFoundCount);

        public void Add(SegmentDocument segment)
        {
            Images += segment.Images.Count;
            Bytes += segment.Images.Sum(image => image.Size);
            Skipped = segment.Skipped;
            Shards += segment.Shards.Count;
            foreach (ListedImage image in segment.Images)
            {
                if (image.IsMissing && ++_notFoundCount <= Samples) _notFound.Add(image.Name);
                if (names is null) continue;
                MatchKind kind = names.Take(image.Name).Kind;
                if (kind == MatchKind.None && ++_notAnnotatedCount <= Samples) _notAnnotated.Add(image.Name);
                if (kind == MatchKind.Duplicate && ++_duplicateCount <= Samples) _duplicates.Add(image.Name);
            }
        }
    }
}
