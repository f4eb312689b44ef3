using System.Diagnostics;
using System.Globalization;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>A process of a group, by <c>/proc</c>.</summary>
internal sealed record GroupMember(int Id, string CommandLine)
{
    public bool IsCoordinator => CommandLine.Contains("--Roles coordinator ", StringComparison.Ordinal);

    public bool IsWorker => CommandLine.Contains("--Roles worker ", StringComparison.Ordinal);
}

/// <summary>A process group: a program and everything that it has started.</summary>
internal sealed class ProcessGroup(int id)
{
    private const string Zombie = "Z";

    /// <summary>Those that live.</summary>
    public IReadOnlyList<GroupMember> Members()
    {
        List<GroupMember> members = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process)) continue;
            try
            {
                // "pid (name) state parent group …", where a name may hold anything.
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[0] != Zombie && int.Parse(fields[2], CultureInfo.InvariantCulture) == id)
                    members.Add(new GroupMember(process, File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ')));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return members;
    }

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
