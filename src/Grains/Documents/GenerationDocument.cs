namespace MaskRcnn.Grains.Documents;

/// <summary><c>generations/N.json</c>, N from 2: what the generation before has no result of is done again.</summary>
/// <param name="Generation">N.</param>
/// <param name="Created">When it was asked for.</param>
/// <param name="Segments">Segments that were listed before; the later ones, if there are any, are this generation's.</param>
/// <param name="IsListed">Whether these are all.</param>
public sealed record GenerationDocument(int Generation, DateTimeOffset Created, int Segments, bool IsListed)
{
    /// <summary>Version of this document.</summary>
    public int Schema { get; init; } = 1;
}

/// <summary><c>parts-deleted.json</c>: from then on the attempts' parts are being deleted, and the job cannot be retried any more.</summary>
/// <param name="Since">When that began.</param>
public sealed record PartsDeletedDocument(DateTimeOffset Since);

/// <summary><c>current.json</c>: which result is the job's. Without it, it is the first generation's.</summary>
/// <param name="Generation">The generation that has written it.</param>
/// <param name="Result">Its folder, <c>result-2/</c>.</param>
public sealed record CurrentDocument(int Generation, string Result)
{
    /// <summary>Version of this document.</summary>
    public int Schema { get; init; } = 1;
}
