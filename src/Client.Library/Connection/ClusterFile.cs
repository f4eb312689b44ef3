using System.Diagnostics;

namespace MaskRcnn.Client.Connection;

/// <summary><c>cluster.json</c> in the data folder of <c>maskrcnn up</c>: how to reach the cluster that runs on it.</summary>
public sealed record ClusterFile
{
    /// <summary>The file's name.</summary>
    public const string FileName = "cluster.json";

    /// <summary>A process start is computed from the clock, which may have been set since.</summary>
    private static readonly TimeSpan StartSlack = TimeSpan.FromMinutes(1);

    /// <summary>Version of this document.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Where clients connect: <c>host:port</c> each.</summary>
    public required IReadOnlyList<string> Gateways { get; init; }

    /// <summary>The process that keeps the cluster: the supervisor.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The data folder.</summary>
    public required string Data { get; init; }

    /// <summary>When the supervisor started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Whether jobs may come.</summary>
    public bool Ready { get; init; }

    /// <summary>The file of a data folder.</summary>
    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, FileName);

    /// <summary>Reads a data folder's file; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is something else.</exception>
    public static ClusterFile? TryRead(string dataFolder) => ConnectionJson.TryRead<ClusterFile>(PathIn(dataFolder));

    /// <summary>Writes it into a data folder, replacing the one that is there; whole or not at all.</summary>
    public void Write(string dataFolder) => ConnectionJson.Write(PathIn(dataFolder), this);

    /// <summary>Whether the process lives: there is one of this id, and it is not one that got the id later.</summary>
    public bool IsProcessAlive()
    {
        try
        {
            using Process process = Process.GetProcessById(ProcessId);
            return !process.HasExited && new DateTimeOffset(process.StartTime) <= Started + StartSlack;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // It lives, but is another user's.
            return true;
        }
    }
}
