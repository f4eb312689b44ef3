using System.Runtime.InteropServices;

namespace MaskRcnn.Grains;

/// <summary>Ends the process by the kernel: nothing that hangs is asked, neither finalizers nor handlers nor the thread pool; a native call may never return.</summary>
public sealed partial class ProcessEnd : IProcessEnd
{
    /// <summary>The exit code of a process that a fault ends; starting it again may help.</summary>
    public const int Fault = 3;

    private static readonly TimeSpan TimeToSpeak = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public void Now(int exitCode, string reason)
    {
        // Not by the log, which writes later. Whoever should read it may hang as well.
        var speaking = new Thread(() => Console.Error.WriteLine($"error: {reason}")) { IsBackground = true };
        speaking.Start();
        speaking.Join(TimeToSpeak);
        Exit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
