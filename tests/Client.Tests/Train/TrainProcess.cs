using System.Diagnostics;
using System.Globalization;

namespace MaskRcnn.Client.Tests.Train;

/// <summary><c>maskrcnn train</c> as a process of its own, which a test may end.</summary>
internal sealed class TrainProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly FileSystemWatcher _watcher;
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private int _changes;

    private TrainProcess(string output, int changes, string[] arguments)
    {
        Directory.CreateDirectory(Path.Combine(output, "checkpoints"));
        _watcher = new FileSystemWatcher(output) { IncludeSubdirectories = true };
        _watcher.Created += (_, _) => Count();
        _watcher.Changed += (_, _) => Count();
        _watcher.Renamed += (_, _) => Count();
        _watcher.EnableRaisingEvents = true;
        string program = Path.Combine(AppContext.BaseDirectory, "maskrcnn.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [program, "train", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();

        void Count()
        {
            if (Interlocked.Increment(ref _changes) == changes) _reached.TrySetResult();
        }
    }

    /// <summary>What changed in the folder of the run: files that were made, written to or renamed.</summary>
    public int Changes => Volatile.Read(ref _changes);

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it.</summary>
    /// <param name="output">The folder of the run.</param>
    /// <param name="changes">How many changes in it <see cref="ReachedAsync"/> waits for.</param>
    /// <param name="arguments">The command line without its first word.</param>
    public static TrainProcess Start(string output, int changes, params string[] arguments) => new(output, changes, [.. arguments, "--output", output]);

    /// <summary>Waits until so much changed, or the process ended.</summary>
    public async Task ReachedAsync() => await Task.WhenAny(_reached.Task, _process.WaitForExitAsync()).WaitAsync(Patience);

    public void Kill() => _process.Kill();

    /// <summary>Sends a signal such as INT.</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
    }

    public async Task<(string Out, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (await _output, await _error);
    }

    public async Task<(string Out, string Error)> ExitsAsync(int code)
    {
        (string output, string error) = await EndAsync();
        Assert.True(ExitCode == code, $"Exit code {ExitCode}, expected {code}.\n{output}\n{error}");
        return (output, error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        _watcher.Dispose();
    }
}
