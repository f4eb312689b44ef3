using MaskRcnn.Storage;

namespace MaskRcnn.Silo.Settings;

/// <summary>Blob storage.</summary>
public sealed record StorageSettings
{
    /// <summary>The state root, a folder or URI: which jobs there are. Required, and the same for all silos of a cluster.</summary>
    public string State { get; init; } = "";

    /// <summary>What a specification may reach: folders, containers or prefixes, and what is below them; default empty: everything. See <see cref="StorageRoots"/>.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>How many days jobs that have ended are listed, above 0; default 30. Then they are opened by their folders.</summary>
    public double KeepJobsDays { get; init; } = 30;

    /// <summary>Without the SAS that the state root may have.</summary>
    public override string ToString() => $"{nameof(StorageSettings)} {{ {nameof(State)} = {BlobUri.WithoutSecrets(State)} }}";
}
