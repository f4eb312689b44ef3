using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Generations;

/// <summary><c>current.json</c>, which never goes back.</summary>
internal static class CurrentResult
{
    private const int Tries = 5;

    /// <summary>Makes a generation's result the job's, unless it is that of this or a later one already. One of a generation that ended early has less than the one before.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="generation">The generation, whose manifest is there.</param>
    /// <param name="isPartial">Whether it ended early: then it takes no other's place.</param>
    /// <param name="cancellation">Stops it; it can be done again.</param>
    /// <exception cref="BlobException">Nobody knows what is there.</exception>
    public static async Task MoveAsync(IBlobStore folder, int generation, bool isPartial, CancellationToken cancellation)
    {
        byte[] document = DocumentJson.Write(new CurrentDocument(generation, JobLayout.ResultFolder(generation)));
        string attempt = Guid.NewGuid().ToString("N");
        for (int i = 0; i < Tries; i++)
        {
            (CurrentDocument? current, string? version) = await FindAsync(folder, cancellation);
            if (current?.Generation >= generation) return;
            if (isPartial && await folder.FindAsync(JobLayout.ManifestOf(current?.Generation ?? 1), cancellation) is not null) return;
            WriteResult written = await folder.WriteAsync(JobLayout.Current, document, version is null ? WriteCondition.Absent : WriteCondition.Match(version), attempt, cancellation);
            if (written.IsMine) return;
        }
        throw new BlobException(folder.Location, JobLayout.Current, $"it could not be moved to generation {generation} in {Tries} tries. It is tried again later.");
    }

    private static async Task<(CurrentDocument?, string? Version)> FindAsync(IBlobStore folder, CancellationToken cancellation)
    {
        try
        {
            BlobContent content = await folder.ReadAsync(JobLayout.Current, null, cancellation);
            return (DocumentJson.Read<CurrentDocument>(content.Data, JobLayout.Current), content.ETag);
        }
        catch (BlobNotFoundException)
        {
            return (null, null);
        }
    }
}
