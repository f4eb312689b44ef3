namespace MaskRcnn.Storage.Local;

/// <summary>What a disk can do; tests turn it off to run what is done without.</summary>
/// <param name="Attributes">Extended attributes.</param>
/// <param name="AnonymousFiles">Files without a name, linked into place when they are whole.</param>
/// <param name="Within">The real path of a folder that links are not followed out of; null: they are followed anywhere.</param>
internal sealed record LocalOptions(bool Attributes = true, bool AnonymousFiles = true, string? Within = null);
