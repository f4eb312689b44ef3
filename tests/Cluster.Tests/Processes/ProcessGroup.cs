using System.Diagnostics;
using System.Globalization;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>A process group: a program and everything that it has started.</summary>
internal sealed class ProcessGroup(int id)
{
    /// <summary>Those that live.</summary>
    public IReadOnlyList<RunningProcess> Members() => [.. RunningProcess.All().Where(process => process.Group == id)];

    /// <summary>Ends them all at once, as a power cut does.</summary>
    public Task KillAsync() => SignalAsync("KILL", -id);

    /// <summary>Sends a signal to a process, or to all of a group, by its negated id.</summary>
    public static async Task SignalAsync(string signal, int process)
    {
        using Process kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", "--", process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        // That there is nobody left is no error.
        await kill.WaitForExitAsync(CancellationToken.None);
    }
}
