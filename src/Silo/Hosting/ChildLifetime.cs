using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Silo.Hosting;

/// <summary>
/// When a child of a supervisor ends: by SIGTERM. Ctrl-C reaches every process of the group at once; the supervisor then ends
/// the workers before the coordinator, so that they can give their shards back.
/// </summary>
internal sealed class ChildLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    private readonly PosixSignalRegistration _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);

    private readonly PosixSignalRegistration _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
    {
        signal.Cancel = true;
        application.StopApplication();
    });

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }
}
