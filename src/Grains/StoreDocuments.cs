using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains;

/// <summary>Documents in a store.</summary>
public static class StoreDocuments
{
    private const int Tries = 5;

    /// <summary>Reads a document.</summary>
    /// <exception cref="BlobNotFoundException">There is none.</exception>
    /// <exception cref="DocumentException">It is not such a document.</exception>
    public static async Task<T> ReadDocumentAsync<T>(this IBlobStore store, string name, CancellationToken cancellation) where T : class
    {
        ArgumentNullException.ThrowIfNull(store);
        BlobContent content = await store.ReadAsync(name, null, cancellation);
        return DocumentJson.Read<T>(content.Data, $"{store.Location}/{name}");
    }

    /// <summary>Reads a document, or null when there is none.</summary>
    /// <inheritdoc cref="ReadDocumentAsync"/>
    public static async Task<T?> FindDocumentAsync<T>(this IBlobStore store, string name, CancellationToken cancellation) where T : class
    {
        try
        {
            return await store.ReadDocumentAsync<T>(name, cancellation);
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Writes a document where there is none; the one that is then there is what counts, whoever wrote it. An unknown outcome
    /// is tried again with the same attempt id.
    /// </summary>
    /// <returns>The document that is there.</returns>
    /// <exception cref="BlobException">It could not be found out what is there.</exception>
    public static async Task<T> PutDocumentAsync<T>(this IBlobStore store, string name, T document, CancellationToken cancellation) where T : class
    {
        ArgumentNullException.ThrowIfNull(store);
        byte[] bytes = DocumentJson.Write(document);
        string attempt = Guid.NewGuid().ToString("N");
        for (int i = 0; i < Tries; i++)
        {
            WriteResult result = await store.WriteAsync(name, bytes, WriteCondition.Absent, attempt, cancellation);
            if (result.IsMine) return document;
            if (result.Outcome == WriteOutcome.Anothers) return await store.ReadDocumentAsync<T>(name, cancellation);
        }
        throw new BlobException(store.Location, name, $"nobody knows whether it was written, after {Tries} tries. It is tried again later.");
    }
}
