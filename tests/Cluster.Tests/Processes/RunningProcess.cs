using System.Globalization;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>A process that lives, by <c>/proc</c>.</summary>
internal sealed record RunningProcess(int Id, int Group, string CommandLine)
{
    private const string Zombie = "Z";

    public bool IsCoordinator => CommandLine.Contains("--Roles coordinator ", StringComparison.Ordinal);

    public bool IsWorker => CommandLine.Contains("--Roles worker ", StringComparison.Ordinal);

    /// <summary>Those of this machine.</summary>
    public static IEnumerable<RunningProcess> All()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Find(folder, id) is { } process) yield return process;
        }
    }

    private static RunningProcess? Find(string folder, int id)
    {
        try
        {
            // "pid (name) state parent group …", where a name may hold anything.
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[0] == Zombie) return null;
            return new RunningProcess(id, int.Parse(fields[2], CultureInfo.InvariantCulture), File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' '));
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
