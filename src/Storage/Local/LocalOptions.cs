namespace MaskRcnn.Storage.Local;

/// <summary>What a disk can do; tests turn it off to run what is done without.</summary>
/// <param name="Attributes">Extended attributes.</param>
/// <param name="AnonymousFiles">Files without a name, linked into place when they are whole.</param>
internal sealed record LocalOptions(bool Attributes = true, bool AnonymousFiles = true);
