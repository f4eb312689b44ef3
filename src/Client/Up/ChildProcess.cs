using System.Diagnostics;
using System.Runtime.InteropServices;
using MaskRcnn.Silo.Hosting;

namespace MaskRcnn.Client.Up;

/// <summary>A silo's process, as its supervisor sees it. It ends when this process does: it reads a pipe that only this process holds.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    /// <summary>The first argument of a process that is to be a silo.</summary>
    public const string SiloCommandName = "silo-process";

    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChildProcess(string name, IEnumerable<string> arguments, string logFile)
    {
        Name = name;
        _log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { typeof(ChildProcess).Assembly.Location, SiloCommandName },
        };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.Exited += (_, _) => exited.TrySetResult();
        _process.Start();
        Started = Stopwatch.GetTimestamp();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Exited = exited.Task;
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Time stamp of its start.</summary>
    public long Started { get; }

    /// <summary>When the silo is a member of the cluster.</summary>
    public Task Ready => _ready.Task;

    /// <summary>When the process is gone.</summary>
    public Task Exited { get; }

    /// <summary>How it ended, in words.</summary>
    public string Ending => _process.ExitCode > 128 ? $"ended by signal {_process.ExitCode - 128}" : $"ended with status {_process.ExitCode}";

    /// <summary>Asks it to end in good order.</summary>
    public void Terminate()
    {
        if (!_process.HasExited) _ = Kill(_process.Id, SigTerm);
    }

    /// <summary>Ends it.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    public void Dispose()
    {
        _process.Dispose();
        lock (_log)
        {
            try
            {
                _log.Dispose();
            }
            catch (IOException)
            {
                // See Log.
            }
        }
    }

    private void Heard(string? line)
    {
        if (line == SiloProgram.ReadyLine) _ready.TrySetResult();
        else Log(line);
    }

    private void Log(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            try
            {
                if (_log.BaseStream is { CanWrite: true }) _log.WriteLine(line);
            }
            catch (IOException)
            {
                // A full disk costs the line, and not the cluster: this is a thread on which nobody would catch it.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
