using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Silo.Hosting;

/// <summary>
/// The life of a process that has a supervisor. A terminal sends Ctrl-C to all processes of the group; the supervisor alone
/// decides what that means, and ends its children in order: the workers give their leases back while the coordinator lives.
/// </summary>
internal sealed class SupervisedLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            application.StopApplication();
        }));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(signal => signal.Dispose());
}
