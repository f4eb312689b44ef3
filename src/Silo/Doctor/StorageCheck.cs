using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Storage;

namespace MaskRcnn.Silo.Doctor;

/// <summary>Whether the roots can be listed, and the state root be written to; and what time it is there.</summary>
internal static class StorageCheck
{
    private const string Name = "storage";

    /// <summary>Longer than the tries of a store that does not answer, so that its own word is heard.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public static async IAsyncEnumerable<Finding> RunAsync(StorageSettings settings, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<Finding> found = [];
        found.Add(await TryAsync($"state root {BlobUri.WithoutSecrets(settings.State)}", token => WriteAsync(settings.State, time, found, token), cancellation));
        // The clocks come after what they belong to.
        for (int i = found.Count - 1; i >= 0; i--) yield return found[i];
        foreach (string root in settings.Roots.Where(root => root != settings.State))
            yield return await TryAsync($"root {root}", token => ListAsync(root, token), cancellation);
    }

    private static async Task<string> ListAsync(string root, CancellationToken cancellation)
    {
        await foreach (BlobPage _ in BlobStores.Open(root).ListAsync("", null, 1, cancellation)) return "it can be listed";
        return "it can be listed, and is empty";
    }

    private static async Task<string> WriteAsync(string root, TimeProvider time, List<Finding> clocks, CancellationToken cancellation)
    {
        IBlobStore store = BlobStores.Open(root);
        string? folder = BlobUri.LocalPath(root);
        bool isNew = folder is not null && !Directory.Exists(folder);
        string name = $".doctor-{Guid.NewGuid():N}";
        long start = Stopwatch.GetTimestamp();
        try
        {
            // First: a service refuses those whose clock is wrong, and gives another reason.
            DateTimeOffset asked = time.GetUtcNow();
            if (await store.AskTimeAsync(cancellation) is { } service) clocks.Add(ClockCheck.Judge("storage", service, asked, time.GetUtcNow()));
            await foreach (BlobPage _ in store.ListAsync("jobs/", null, 1, cancellation)) break;
            asked = time.GetUtcNow();
            WriteResult written = await store.WriteAsync(name, new byte[1], WriteCondition.Absent, "doctor", cancellation);
            if (!written.IsMine) throw new BlobException(store.Location, name, "it could not be written, and nobody knows why. Try again.");
            // A folder's clock is that of whoever keeps it, which is another machine's where it is mounted.
            if (folder is not null) clocks.Add(ClockCheck.Judge("storage", new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(folder, name))), asked, time.GetUtcNow()));
            await store.DeleteAsync(name, null, cancellation);
        }
        finally
        {
            if (isNew && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
        return string.Create(CultureInfo.InvariantCulture, $"it was listed, and a blob written and deleted, in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms{(isNew ? "; it is new" : "")}");
    }

    private static async Task<Finding> TryAsync(string what, Func<CancellationToken, Task<string>> ask, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return new Finding(Name, Verdict.Ok, $"The {what}: {await ask(limit.Token)}.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Finding(Name, Verdict.Failed, $"The {what}: no answer within {Patience.TotalSeconds:0} s.", "Check the network and the address of the storage.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Finding(Name, Verdict.Failed, $"The {what}: {exception.Message}", exception is BlobRefusedException or UnauthorizedAccessException or ArgumentException
                ? "Correct the address or the rights: nothing gets better by waiting."
                : "A silo waits for it at its start; see to it that it can be reached from here and written to.");
        }
    }
}
