using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>Writes of one attempt that are tried again while nobody knows how they ended.</summary>
internal sealed class PatientStore(IBlobStore store, string attempt, TimeProvider time, TimeSpan firstWait)
{
    /// <summary>How often a write is tried; the wait between tries doubles.</summary>
    private const int Tries = 5;

    public IBlobStore Store => store;

    public string Attempt => attempt;

    /// <summary>Puts a small blob if it is absent. The last failure is returned with <see cref="WriteOutcome.Unknown"/>.</summary>
    public async Task<(WriteResult Result, Exception? Failure)> WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Exception? failure = null;
        for (int tried = 0; tried < Tries; tried++)
        {
            await WaitAsync(tried, cancellation);
            try
            {
                WriteResult result = await store.WriteAsync(name, content, WriteCondition.Absent, attempt, cancellation);
                if (result.Outcome != WriteOutcome.Unknown) return (result, null);
            }
            catch (Exception exception) when (exception is IOException or TimeoutException)
            {
                failure = exception;
            }
        }
        return (new WriteResult(WriteOutcome.Unknown, null), failure);
    }

    /// <summary>Commits a stream. It cannot be written again, so an unknown outcome is looked up.</summary>
    public async Task<(WriteResult Result, Exception? Failure)> CommitAsync(string name, BlobWriteStream stream, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            WriteResult result = await stream.CommitAsync(cancellation);
            if (result.Outcome != WriteOutcome.Unknown) return (result, null);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            failure = exception;
        }
        for (int tried = 0; tried < Tries; tried++)
        {
            await WaitAsync(tried, cancellation);
            try
            {
                if (await store.FindAsync(name, cancellation) is { } found)
                    return (new WriteResult(found.Attempt == attempt ? WriteOutcome.AlreadyMine : WriteOutcome.Anothers, found.ETag), null);
            }
            catch (Exception exception) when (exception is IOException or TimeoutException)
            {
                failure = exception;
            }
        }
        return (new WriteResult(WriteOutcome.Unknown, null), failure);
    }

    private Task WaitAsync(int tried, CancellationToken cancellation) =>
        tried == 0 || firstWait == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(firstWait * (1 << (tried - 1)), time, cancellation);
}
