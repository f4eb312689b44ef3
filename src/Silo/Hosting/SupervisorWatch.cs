using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Silo.Hosting;

/// <summary>
/// Ends this process when its supervisor is gone: the kernel closes the pipe that the supervisor held, however it died. First in
/// good order; after a few seconds, whatever native code is running, by the kernel.
/// </summary>
internal sealed class SupervisorWatch : IDisposable
{
    private static readonly TimeSpan GoodOrder = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ended = new();

    public SupervisorWatch(Stream pipe, IHost host)
    {
        new Thread(() => Watch(pipe, host)) { IsBackground = true, Name = "supervisor watch" }.Start();
    }

    public void Dispose() => _ended.Cancel();

    private void Watch(Stream pipe, IHost host)
    {
        Span<byte> buffer = stackalloc byte[64];
        try
        {
            while (pipe.Read(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
        }
        if (_ended.IsCancellationRequested) return;
        // On another thread: stopping may hang on what is being stopped.
        new Thread(() => host.StopAsync().GetAwaiter().GetResult()) { IsBackground = true }.Start();
        _ended.Token.WaitHandle.WaitOne(GoodOrder);
        Process.GetCurrentProcess().Kill();
    }
}
