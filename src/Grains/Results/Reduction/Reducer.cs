using System.Reflection;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// Makes a job's result of its commit records and parts. Runs on the calling thread, which should be one of its own, and may
/// be run again after it was killed anywhere, or at the same time in two processes: every write is put-if-absent.
/// </summary>
internal static class Reducer
{
    /// <summary>Writes the result; the manifest last. Where there is a manifest, only what is left over is deleted.</summary>
    /// <param name="request">What to reduce. Every shard has been committed.</param>
    /// <param name="cancellation">Stops it; it can be run again.</param>
    /// <exception cref="ReductionException">The result cannot be made; the message names the blob that is wrong.</exception>
    /// <exception cref="IOException">The store failed; run it again.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ReductionOutcome Run(ReductionRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellation.ThrowIfCancellationRequested();
        using var work = new OrderedWork(request.Threads);
        ManifestDocument manifest = FindManifest(request, cancellation) ?? ReduceOnce(request, work, cancellation);
        if (!manifest.PartsKept) new PartCleaner(request.Store, work, cancellation).DeleteAll();
        ReportCounts counts = manifest.Counts;
        return new ReductionOutcome(counts.Images, counts.Done, counts.Failed, counts.Detections);
    }

    private static ManifestDocument ReduceOnce(ReductionRequest request, OrderedWork work, CancellationToken cancellation)
    {
        try
        {
            return Reduce(request, work, cancellation);
        }
        catch (ReductionException)
        {
            // Another reducer may have finished meanwhile and deleted the parts that this one was reading.
            if (FindManifest(request, cancellation) is { } other) return other;
            throw;
        }
    }

    private static ManifestDocument Reduce(ReductionRequest request, OrderedWork work, CancellationToken cancellation)
    {
        JobDocument job = request.Job;
        var leafReader = new LeafReader(request.Store, request.Commits, work, cancellation);
        (ListingDocument listing, IReadOnlyList<Leaf> leaves) = request.EndedEarly is null ? AllWork(leafReader, cancellation) : FinishedWork.Read(request, leafReader, cancellation);
        using var reader = new PartReader(request, work, leaves.Sum(l => l.Parts.Sum(p => p.Size)), cancellation);
        var results = new ResultStore(request.Store, "reduction-" + Guid.NewGuid().ToString("N"), cancellation);
        var givenUp = new GivenUpImages(request.Store, leafReader, job, cancellation);

        ConcatenatedFiles.WriteMasks(results, reader, leaves);
        ConcatenatedFiles.WriteDetections(results, reader, leaves);
        IReadOnlyList<FailureGroup> failures = ErrorsFile.Write(results, reader, leaves);
        ThumbnailPacks packs = ThumbnailPacks.Write(results, reader, leaves, ThumbnailPackSize.Default);
        IndexFiles.Write(results, reader, leaves, packs, givenUp);
        var report = new Report
        {
            Counts = Count(listing, leaves),
            Evaluations = JobEvaluation.Run(job, reader, leaves, givenUp, cancellation),
            Failures = failures,
            Parameters = ReportParameters.Of(job),
            Model = new ReportModel(job.Model.Name, job.Model.Sha256),
        };
        results.Write("report.json", ReportJson.Write(report));
        results.Write("report.md", ReportPage.Write(report));
        TimingsFile.Write(results, reader, leaves);
        AttemptsFile.Write(results, leaves, request.FailedAttempts);
        // Late workers of a job that ended early may be writing still.
        if (request.EndedEarly is null) new PartCleaner(request.Store, work, cancellation).DeleteOrphans(leaves);

        ManifestDocument manifest = Manifest(request, listing, leaves, report, results.Files);
        results.WriteOrTake("manifest.json", stream => stream.Write([.. DocumentJson.Write(manifest), (byte)'\n']));
        return manifest;
    }

    private static (ListingDocument, IReadOnlyList<Leaf>) AllWork(LeafReader reader, CancellationToken cancellation)
    {
        ListingDocument listing = reader.Document<ListingDocument>(JobLayout.Listing, "The collection must be listed to its end before the job is reduced.", cancellation);
        return (listing, reader.Read(listing));
    }

    private static ReportCounts Count(ListingDocument listing, IReadOnlyList<Leaf> leaves)
    {
        (long done, long failed) = (leaves.Sum(l => (long)l.Done), leaves.Sum(l => (long)l.Failed));
        return new ReportCounts(listing.Images, done, failed, leaves.Sum(l => l.Detections), listing.Skipped, listing.NotAnnotated, listing.Duplicates, listing.Missing) { NotProcessed = listing.Images - done - failed };
    }

    private static ManifestDocument Manifest(ReductionRequest request, ListingDocument listing, IReadOnlyList<Leaf> leaves, Report report, IReadOnlyList<ResultFile> files)
    {
        JobDocument job = request.Job;
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["maskrcnn"] = typeof(Reducer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            ["dotnet"] = Environment.Version.ToString(),
        };
        foreach ((string name, string version) in request.Versions) versions[name] = version;
        return new ManifestDocument
        {
            Job = job.Job,
            Name = job.Name,
            Generation = request.Generation == 1 ? null : request.Generation,
            Created = job.Created,
            Finished = request.Clock.GetUtcNow(),
            State = request.EndedEarly ?? new ReductionOutcome(report.Counts.Images, report.Counts.Done, report.Counts.Failed, report.Counts.Detections).State,
            Partial = request.EndedEarly is not null,
            Counts = report.Counts,
            Specification = job.Specification,
            Model = job.Model,
            Categories = job.Categories,
            Parameters = report.Parameters,
            Threads = ThreadsOf(leaves),
            Versions = versions,
            Files = [.. files],
            Shards = listing.Shards,
            // What is finished may be gone on with, and late workers may be writing.
            PartsKept = job.Specification.PartsKept != TimeSpan.Zero || request.EndedEarly is not null,
        };
    }

    private static int[] ThreadsOf(IReadOnlyList<Leaf> leaves) => [.. leaves.Select(leaf => leaf.Run?.Threads).OfType<int>().Distinct().Order()];

    private static ManifestDocument? FindManifest(ReductionRequest request, CancellationToken cancellation)
    {
        try
        {
            return DocumentJson.Read<ManifestDocument>(request.Store.ReadAsync(JobLayout.Manifest, null, cancellation).GetAwaiter().GetResult().Data, JobLayout.Manifest);
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
        catch (DocumentException exception)
        {
            throw new ReductionException(exception.Message, exception);
        }
    }
}
