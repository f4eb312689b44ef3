namespace MaskRcnn.Client.Up;

/// <summary>What <c>maskrcnn up</c> was asked for.</summary>
internal sealed record UpOptions
{
    public required int? Workers { get; init; }

    public required string Data { get; init; }

    public required bool InProcess { get; init; }

    public required int? Threads { get; init; }

    public required double LeaseSeconds { get; init; }

    public required double RenewSeconds { get; init; }

    /// <summary>Whether the user's commands turn to it when they name no cluster, from now on; default true.</summary>
    public bool IsUsersOwn { get; init; } = true;

    /// <summary>The grains' state.</summary>
    public string State => Path.Combine(Data, "state");

    /// <summary>Models that come from blob storage.</summary>
    public string Cache => Path.Combine(Data, "cache");

    /// <summary>What the processes say.</summary>
    public string Logs => Path.Combine(Data, "logs");

    /// <summary>Held by the <c>up</c> that runs on the folder.</summary>
    public string Lock => Path.Combine(Data, "up.lock");

    /// <summary>The data folder when none is given.</summary>
    public static string DefaultData() => Path.Combine(Path.GetDirectoryName(Connection.LastUp.FilePath())!, "cluster");
}
