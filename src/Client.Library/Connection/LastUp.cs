namespace MaskRcnn.Client.Connection;

/// <summary>The user's last <c>maskrcnn up</c>: the cluster that commands use when none is named.</summary>
/// <param name="Data">Its data folder.</param>
public sealed record LastUp(string Data)
{
    /// <summary>The file: <c>$XDG_STATE_HOME/maskrcnn/last-up.json</c>, else below <c>~/.local/state</c>.</summary>
    /// <param name="environment">Reads environment variables; null for the process's own.</param>
    public static string FilePath(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        // A relative path is to be ignored, says the XDG specification.
        string state = environment("XDG_STATE_HOME") is { Length: > 0 } named && Path.IsPathRooted(named)
            ? named
            : Path.Combine(environment("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "maskrcnn", "last-up.json");
    }

    /// <summary>Reads it; null when there is none.</summary>
    /// <inheritdoc cref="FilePath"/>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public static LastUp? TryRead(Func<string, string?>? environment = null)
    {
        string path = FilePath(environment);
        LastUp? read = ConnectionJson.TryRead<LastUp>(path);
        return read is { Data: null or "" } ? throw new InvalidDataException($"{path} names no folder; expected what 'maskrcnn up' writes.") : read;
    }

    /// <summary>Writes it, replacing the one that is there; whole or not at all.</summary>
    /// <inheritdoc cref="FilePath"/>
    public void Write(Func<string, string?>? environment = null) => ConnectionJson.Write(FilePath(environment), this);
}
