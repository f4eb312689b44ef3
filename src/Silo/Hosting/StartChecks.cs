using System.Diagnostics;
using MaskRcnn.Silo.Redis;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Storage;

namespace MaskRcnn.Silo.Hosting;

/// <summary>What must be reached before a silo can start: waited for, as services may start in any order, but not for ever.</summary>
internal static class StartChecks
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    /// <summary>Waits until Redis and storage answer.</summary>
    /// <param name="settings">Where they are, and how long to wait.</param>
    /// <param name="say">Is told what an operator should know.</param>
    /// <exception cref="UnreachableException">One of them does not answer, or refuses.</exception>
    public static async Task RunAsync(SiloSettings settings, Action<string> say)
    {
        if (settings.Cluster.IsInRedis)
        {
            string where = $"Redis at {string.Join(", ", settings.Redis.Endpoints)}";
            foreach (string warning in await UntilReachedAsync(where, () => Task.Run(() => RedisCheck.Ask(settings.Redis)), settings, say)) say($"warning: {warning}");
        }
        string state = BlobUri.WithoutSecrets(settings.Storage.State);
        await UntilReachedAsync($"The state root {state}", () => AskStorageAsync(BlobStores.Open(settings.Storage.State)), settings, say);
    }

    /// <summary>Lists the root; a container that is missing is made by the first write, if this silo may.</summary>
    private static async Task<bool> AskStorageAsync(IBlobStore store)
    {
        try
        {
            return await ListAsync(store);
        }
        catch (BlobRefusedException)
        {
            string name = $".start-{Guid.NewGuid():N}";
            await store.WriteAsync(name, new byte[1], WriteCondition.Absent, "start", CancellationToken.None);
            await store.DeleteAsync(name, null, CancellationToken.None);
            return await ListAsync(store);
        }
    }

    private static async Task<bool> ListAsync(IBlobStore store)
    {
        await foreach (BlobPage _ in store.ListAsync("jobs/", null, 1, CancellationToken.None)) break;
        return true;
    }

    private static async Task<T> UntilReachedAsync<T>(string what, Func<Task<T>> ask, SiloSettings settings, Action<string> say)
    {
        long start = Stopwatch.GetTimestamp();
        bool told = false;
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                bool isRefused = exception is RedisReplyException { IsRefusal: true } or UnauthorizedAccessException or ArgumentException;
                if (isRefused) throw new UnreachableException($"{what} refuses: {exception.Message}", exception);
                if (Stopwatch.GetElapsedTime(start).TotalSeconds >= settings.Cluster.StartSeconds)
                    throw new UnreachableException(FormattableString.Invariant($"{what} was not reached in {settings.Cluster.StartSeconds} s: {exception.Message}"), exception);
                if (!told) say(FormattableString.Invariant($"waiting up to {settings.Cluster.StartSeconds} s: {what} is not reached: {exception.Message}"));
                told = true;
                await Task.Delay(BetweenTries, TimeProvider.System);
            }
        }
    }
}
