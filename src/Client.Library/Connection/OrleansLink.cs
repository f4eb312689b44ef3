using System.Net;
using MaskRcnn.Transport;
using MaskRcnn.Transport.Certificates;

namespace MaskRcnn.Client.Connection;

/// <summary>An Orleans client that is replaced when the cluster has gone elsewhere.</summary>
internal sealed class OrleansLink : IClusterLink
{
    /// <summary>How long one attempt to reconnect may take; the caller repeats it.</summary>
    private static readonly TimeSpan OneReconnect = TimeSpan.FromSeconds(5);

    /// <summary>A cluster that is there answers sooner; who waits longer than this is told so.</summary>
    private static readonly TimeSpan UsualAnswer = TimeSpan.FromSeconds(1);

    private readonly ClusterAddress _address;
    private readonly MaskRcnnClientOptions _options;
    private readonly CertificateSource? _tls;
    private readonly SemaphoreSlim _reconnecting = new(1);
    private OrleansConnection _connection;

    private OrleansLink(ClusterAddress address, MaskRcnnClientOptions options, CertificateSource? tls, OrleansConnection connection) =>
        (_address, _options, _tls, _connection) = (address, options, tls, connection);

    public string Description => _address.Description;

    public IGrainFactory Grains => _connection.Grains;

    public static async Task<OrleansLink> ConnectAsync(ClusterAddress address, MaskRcnnClientOptions options, CancellationToken cancellation)
    {
        // First: what is wrong with files is wrong at once.
        CertificateSource? tls = options.Tls is { } files ? CertificateSource.Open(files, TlsRole.Client, options.TimeProvider) : null;
        try
        {
            return await ConnectAsync(address, options, tls, cancellation).ConfigureAwait(false);
        }
        catch
        {
            tls?.Dispose();
            throw;
        }
    }

    private static async Task<OrleansLink> ConnectAsync(ClusterAddress address, MaskRcnnClientOptions options, CertificateSource? tls, CancellationToken cancellation)
    {
        long start = options.TimeProvider.GetTimestamp();
        IPEndPoint[] gateways = await ClusterLocator.FindAsync(address, options.ConnectTimeout, options, cancellation).ConfigureAwait(false);
        int told = 0;
        // An address where nobody answers, not even with a refusal, is no failure for a long time.
        await using ITimer telling = options.TimeProvider.CreateTimer(_ => Tell(), null, UsualAnswer, Timeout.InfiniteTimeSpan);
        try
        {
            OrleansConnection connection = await OrleansConnection.ConnectAsync(gateways, address.Id, tls, options.ConnectTimeout - options.TimeProvider.GetElapsedTime(start), options.TimeProvider, Tell, cancellation)
                .ConfigureAwait(false);
            return new OrleansLink(address, options, tls, connection);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && ClusterFailures.AreTransient(exception))
        {
            throw new ClusterUnavailableException(address.Description, $"{string.Join(", ", (object[])gateways)} cannot be reached{ClusterFailures.Why(exception, tls is not null)}", exception);
        }

        void Tell()
        {
            if (Interlocked.Exchange(ref told, 1) == 0) options.OnWaiting?.Invoke($"Waiting up to {options.ConnectTimeout.TotalSeconds:0} s for the cluster at {string.Join(", ", (object[])gateways)} to answer.");
        }
    }

    public async Task ReconnectAsync(IGrainFactory lost, CancellationToken cancellation)
    {
        await _reconnecting.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            OrleansConnection old = _connection;
            if (!ReferenceEquals(old.Grains, lost)) return;
            IPEndPoint[] gateways = await ClusterLocator.FindAsync(_address, TimeSpan.Zero, _options, cancellation).ConfigureAwait(false);
            _connection = await OrleansConnection.ConnectAsync(gateways, _address.Id, _tls, OneReconnect, _options.TimeProvider, () => { }, cancellation).ConfigureAwait(false);
            await old.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && (exception is ClusterUnavailableException || ClusterFailures.AreTransient(exception)))
        {
            // It is still away; the caller says so when its patience ends.
        }
        finally
        {
            _reconnecting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        _reconnecting.Dispose();
        _tls?.Dispose();
    }
}
