using System.Runtime.InteropServices;

namespace MaskRcnn.Silo.Hosting;

/// <summary>Ends this process at once; tests put something else in its place.</summary>
internal interface IProcessEnd
{
    /// <summary>Ends it; on the product's own this does not return.</summary>
    /// <param name="exitCode">See <see cref="SiloExitCode"/>.</param>
    /// <param name="reason">What its operator should know.</param>
    void Now(int exitCode, string reason);
}

/// <summary>By the kernel: nothing that hangs is asked, neither finalizers nor handlers nor the thread pool.</summary>
internal sealed partial class ProcessEnd : IProcessEnd
{
    private static readonly TimeSpan TimeToSpeak = TimeSpan.FromSeconds(1);

    public void Now(int exitCode, string reason)
    {
        // Whoever should read it may hang as well.
        var speaking = new Thread(() => Console.Error.WriteLine($"error: {reason}")) { IsBackground = true };
        speaking.Start();
        speaking.Join(TimeToSpeak);
        Exit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int status);
}
