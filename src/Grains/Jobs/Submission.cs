using System.Diagnostics;
using System.Security.Cryptography;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Grains.Telemetry;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Jobs;

/// <summary>Checks what is asked for, and writes a job down: name, <c>job.json</c>, pointer, in this order, so that a crash between two is repaired by submitting again.</summary>
/// <param name="state">The state root.</param>
/// <param name="stores">Opens stores.</param>
/// <param name="models">Fetches model files.</param>
/// <param name="time">The clock.</param>
internal sealed class Submission(IBlobStore state, Stores stores, ModelFiles models, TimeProvider time)
{
    private readonly JobIds _ids = new(time, RandomNumberGenerator.GetInt32);

    /// <summary>Finds out what is needed to write the job down. On the calling thread: reads the model and the annotations.</summary>
    /// <param name="specification">What is asked for.</param>
    /// <param name="gpu">Whether the cluster's workers have GPUs: shards are larger then.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="JobRejectedException">It cannot be; every problem is named.</exception>
    public JobDraft Draft(JobSpecification specification, bool gpu, CancellationToken cancellation)
    {
        List<string> problems = [.. SpecificationRules.Problems(specification, stores.Limits, stores.Roots)];
        if (problems.Count > 0) throw Rejected();
        SourceDocument? source = Try("images", () => ImageSources.Find(specification, stores, cancellation));
        (ModelDocument Document, ModelConfiguration Configuration)? model = Try("model", () => ((ModelDocument, ModelConfiguration)?)ReadModel(specification.Model, cancellation));
        Try("output", () => CheckOutput(specification, cancellation));
        CocoDataset? annotations = specification.Annotations is { } uri ? Try("annotations", () => AnnotationFile.Read(stores, uri, cancellation)) : null;
        if (problems.Count > 0) throw Rejected();
        return new JobDraft(
            model!.Value.Document,
            JobDraft.SizeOf(specification, model.Value.Configuration, gpu),
            CategoryMatching.Of(model.Value.Configuration, annotations?.Categories),
            annotations,
            source);

        JobRejectedException Rejected() => new(specification.Name ?? "(without a name)", problems);

        T? Try<T>(string what, Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException or CocoFormatException
                or WeightFileException or StateDictMismatchException or ModelConfigurationException or NotSupportedException)
            {
                problems.Add($"{what}: {exception.Message}");
                return default;
            }
        }
    }

    /// <summary>Writes the job down, or finds the one of the same name and parameters.</summary>
    /// <exception cref="JobConflictException">The name is taken by a job with other parameters.</exception>
    public async Task<SubmitReceipt> WriteAsync(JobSpecification specification, JobDraft draft, CancellationToken cancellation)
    {
        using Activity? trace = JobTrace.Begin();
        string id = _ids.Next();
        JobSpecification shown = specification.WithoutSecrets();
        DateTimeOffset created = time.GetUtcNow();
        bool isNew = false;
        if (specification.Name is { } name)
        {
            NameDocument claim = await state.PutDocumentAsync(JobLayout.JobName(name), new NameDocument(id, created, shown), cancellation);
            if (SpecificationDifference.Of(claim.Specification, shown) is { } difference) throw new JobConflictException(name, difference);
            isNew = claim.Job == id;
            (id, created) = (claim.Job, claim.Created);
        }
        JobAddresses addresses = JobAddresses.Of(specification, BlobUri.Join(specification.Output, id));
        string output = BlobUri.WithoutSecrets(addresses.Output);
        var document = new JobDocument
        {
            Job = id,
            Name = specification.Name ?? id,
            Created = created,
            Output = output,
            Specification = shown,
            Model = draft.Model,
            Source = draft.Source,
            ShardSize = draft.ShardSize,
            Categories = draft.Categories.Categories,
            EvaluatedCategories = draft.Categories.Evaluated,
            Notes = draft.Categories.Notes,
            Trace = trace?.Id,
        };
        JobDocument there;
        try
        {
            there = await stores.Open(addresses.Output).PutDocumentAsync(JobLayout.Job, document, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && isNew)
        {
            // The name must not be lost for a job that there is not.
            await state.DeleteAsync(JobLayout.JobName(specification.Name!), null, CancellationToken.None);
            throw new JobRejectedException(specification.Name!, [$"output: {exception.Message}"]);
        }
        JobTrace.Submitted(trace, there, specification.Name is not null && !isNew);
        await state.PutDocumentAsync(JobLayout.JobPointer(id), new PointerDocument(id, there.Name, output, there.Created, addresses.HasSecrets ? addresses : null), cancellation);
        return new SubmitReceipt(id, there.Name, there.Created, output, draft.Categories.Notes, specification.Name is not null && !isNew);
    }

    /// <summary>What is wrong with a name: a job has it, and was asked for otherwise.</summary>
    public async Task<string?> NameProblemAsync(JobSpecification specification, CancellationToken cancellation) =>
        specification.Name is { } name && await state.FindDocumentAsync<NameDocument>(JobLayout.JobName(name), cancellation) is { } claim
            && SpecificationDifference.Of(claim.Specification, specification) is { } difference
            ? new JobConflictException(name, difference).Message
            : null;

    /// <summary>Writes below the output and takes it away again.</summary>
    private string CheckOutput(JobSpecification specification, CancellationToken cancellation)
    {
        IBlobStore store = stores.Open(specification.Output);
        string name = $".check-{Guid.NewGuid():N}";
        if (!store.WriteAsync(name, new byte[1], WriteCondition.Absent, "check", cancellation).GetAwaiter().GetResult().IsMine)
            throw new BlobException(store.Location, name, "it could not be written, and nobody knows why. Try again.");
        store.DeleteAsync(name, null, cancellation).GetAwaiter().GetResult();
        return name;
    }

    private (ModelDocument, ModelConfiguration) ReadModel(string uri, CancellationToken cancellation)
    {
        (string path, string sha256, BlobInfo blob) = models.FetchAsync(uri, cancellation).GetAwaiter().GetResult();
        using ModelFile file = ModelFile.Read(path);
        ModelConfiguration model = file.Configuration;
        string[] iouTypes = ["bbox", .. model.MaskHead is null ? Array.Empty<string>() : ["segm"], .. model.KeypointHead is null ? Array.Empty<string>() : ["keypoints"]];
        return (new ModelDocument(BlobUri.WithoutSecrets(uri), blob.ETag, blob.Size, sha256, model.Name, iouTypes), model);
    }
}
