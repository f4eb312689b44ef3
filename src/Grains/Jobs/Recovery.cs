using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Jobs;

/// <summary>Takes a job in whose folder is given: one whose pointer below the state root was lost, or that another cluster has begun.</summary>
/// <param name="state">The state root.</param>
/// <param name="stores">Opens the job's folder.</param>
/// <param name="time">The clock.</param>
internal sealed class Recovery(IBlobStore state, Stores stores, TimeProvider time)
{
    /// <summary>Writes the name and the pointer, if they are not there.</summary>
    /// <exception cref="JobRejectedException">There is no job in the folder, or what opens its blobs is not known; every problem is named.</exception>
    /// <exception cref="JobConflictException">Its name is another job's here.</exception>
    public async Task<SubmitReceipt> RunAsync(JobRecovery recovery, CancellationToken cancellation)
    {
        string shown = BlobUri.WithoutSecrets(recovery.Output).TrimEnd('/');
        JobDocument document;
        try
        {
            document = await stores.Open(recovery.Output).ReadDocumentAsync<JobDocument>(JobLayout.Job, cancellation);
        }
        catch (BlobNotFoundException)
        {
            throw new JobRejectedException(shown, [$"There is no {JobLayout.Job} in {shown}; expected a job's folder, '<output>/<job>'."]);
        }
        catch (Exception exception) when (exception is ArgumentException or DocumentException or UnauthorizedAccessException)
        {
            throw new JobRejectedException(shown, [exception.Message]);
        }
        JobAddresses addresses = Addresses(document, recovery);
        if (await state.FindDocumentAsync<PointerDocument>(JobLayout.JobPointer(document.Job), cancellation) is { } there)
            return new SubmitReceipt(there.Job, there.Name, there.Created, there.Output, document.Notes, Existed: true);
        if (document.Specification.Name is { } name)
        {
            NameDocument claim = await state.PutDocumentAsync(JobLayout.JobName(name), new NameDocument(document.Job, document.Created, document.Specification), cancellation);
            if (claim.Job != document.Job) throw new JobConflictException(name, $"here it is the name of job {claim.Job}, and of {document.Job} in {shown}");
        }
        await state.PutDocumentAsync(JobLayout.JobPointer(document.Job), new PointerDocument(document.Job, document.Name, document.Output, document.Created, addresses.HasSecrets ? addresses : null) { TakenIn = time.GetUtcNow() }, cancellation);
        return new SubmitReceipt(document.Job, document.Name, document.Created, document.Output, document.Notes, Existed: false);
    }

    private static JobAddresses Addresses(JobDocument document, JobRecovery recovery)
    {
        JobSpecification specification = document.Specification;
        List<string> problems = [];
        // Everything that the job wrote names this folder; one that was moved would be read and written in two places.
        if (BlobUri.WithoutSecrets(recovery.Output).TrimEnd('/') != document.Output.TrimEnd('/'))
            problems.Add($"The job's folder is {document.Output} by its own {JobLayout.Job}, and {BlobUri.WithoutSecrets(recovery.Output)} here; expected the same, so bring it back to its place.");
        var addresses = new JobAddresses(
            Address("images", specification.Images, recovery.Images), Address("model", specification.Model, recovery.Model), recovery.Output.TrimEnd('/'),
            specification.Annotations is { } annotations ? Address("annotations", annotations, recovery.Annotations) : null,
            specification.ImagesRoot is { } root ? Address("images-root", root, recovery.ImagesRoot) : null);
        return problems.Count == 0 ? addresses : throw new JobRejectedException(document.Name, problems);

        string Address(string what, string known, string? given)
        {
            if (given is not null && BlobUri.WithoutSecrets(given) != BlobUri.WithoutSecrets(known)) problems.Add($"--{what} is {BlobUri.WithoutSecrets(given)}; the job's are {known}.");
            else if (given is null && BlobUri.IsHidden(known)) problems.Add($"The job's {what} were given with a SAS, which its folder does not have: {known}. Give them again with --{what}.");
            return given ?? known;
        }
    }
}
