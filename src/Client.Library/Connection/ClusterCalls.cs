namespace MaskRcnn.Client.Connection;

/// <summary>Calls that outlast a cluster that is away for a while. Only for calls that may be repeated.</summary>
internal sealed class ClusterCalls(IClusterLink link, MaskRcnnClientOptions options)
{
    /// <summary>The Orleans client finds a restarted gateway by itself within a few seconds; after so many failures it is replaced.</summary>
    private const int FailuresBeforeReconnect = 3;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Calls until there is an answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="retryFor">How long failures that may pass are retried.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ClusterUnavailableException">There was no answer in that time.</exception>
    public async Task<T> CallAsync<T>(Func<IGrainFactory, CancellationToken, Task<T>> call, TimeSpan retryFor, CancellationToken cancellation)
    {
        long? firstFailure = null;
        TimeSpan pause = TimeSpan.FromMilliseconds(250);
        for (int failures = 1; ; failures++)
        {
            cancellation.ThrowIfCancellationRequested();
            IGrainFactory grains = link.Grains;
            try
            {
                return await call(grains, cancellation).WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && ClusterFailures.AreTransient(exception))
            {
                firstFailure ??= options.TimeProvider.GetTimestamp();
                if (options.TimeProvider.GetElapsedTime(firstFailure.Value) + pause > retryFor)
                    throw new ClusterUnavailableException(link.Description, $"{link.Description} did not answer ({FirstLine(exception)}), also after {retryFor.TotalSeconds:0} s", exception);
                if (failures == 1) options.OnWaiting?.Invoke($"The cluster does not answer; trying again for {retryFor.TotalSeconds:0} s.");
            }
            if (failures >= FailuresBeforeReconnect) await link.ReconnectAsync(grains, cancellation).ConfigureAwait(false);
            await Task.Delay(pause, options.TimeProvider, cancellation).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Calls once.</summary>
    /// <exception cref="ClusterUnavailableException">There was no answer; what was asked for may have been done.</exception>
    public async Task<T> CallOnceAsync<T>(Func<IGrainFactory, CancellationToken, Task<T>> call, string unknown, CancellationToken cancellation)
    {
        try
        {
            return await call(link.Grains, cancellation).WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && ClusterFailures.AreTransient(exception))
        {
            throw new ClusterUnavailableException(link.Description, $"{link.Description} did not answer ({FirstLine(exception)}); {unknown}", exception);
        }
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim().TrimEnd('.');
}
