namespace MaskRcnn.Storage;

/// <summary>Tasks of work that is done on the calling thread.</summary>
internal static class Finished
{
    /// <summary>Runs it now; its exception goes into the task.</summary>
    public static ValueTask<T> From<T>(Func<T> work, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellation);
        try
        {
            return new ValueTask<T>(work());
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<T>(exception);
        }
    }

    /// <summary>As above, as a task.</summary>
    public static Task<T> Task<T>(Func<T> work, CancellationToken cancellation) => From(work, cancellation).AsTask();
}
