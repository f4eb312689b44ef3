using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Up;

/// <summary>The right to run a cluster on a data folder. The kernel takes it back, however the process ends.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="CommandException">Another process has it.</exception>
    public DataLock(UpOptions options)
    {
        Directory.CreateDirectory(options.Data);
        try
        {
            _file = new FileStream(options.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(options.Lock))
        {
            string who = Connection.ClusterFile.TryRead(options.Data) is { } cluster && cluster.IsProcessAlive() ? $" by process {cluster.ProcessId}" : "";
            throw new CommandException(ExitCode.Error, "in_use", $"A cluster runs on {options.Data} already{who}. Use it, stop it, or give another folder with --data.");
        }
    }

    public void Dispose() => _file.Dispose();
}
