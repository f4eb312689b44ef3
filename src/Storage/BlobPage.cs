namespace MaskRcnn.Storage;

/// <summary>A page of a listing.</summary>
/// <param name="Blobs">At least one blob, in ordinal order of the names.</param>
/// <param name="End">Where the next page begins; give it to <see cref="IBlobStore.ListAsync"/> to go on, also in another process.</param>
public sealed record BlobPage(IReadOnlyList<BlobInfo> Blobs, ListPosition End);

/// <summary>A place in a listing.</summary>
/// <param name="Name">The last name that was listed.</param>
/// <param name="Token">The service's own continuation token, if it has one: saves listing from the start. Null is always right.</param>
public sealed record ListPosition(string Name, string? Token = null);
