using System.Runtime.CompilerServices;

namespace MaskRcnn.Storage.Faults;

/// <summary>
/// A store in which things go wrong by a plan; for tests of what uses a store. The plan is asked once for each operation
/// (one of the constants here) with the blob's name, for listings with the prefix, a page at a time.
/// </summary>
/// <param name="inner">The store that does what goes right.</param>
/// <param name="plan">What goes wrong with an operation on a name; null for nothing. Called from many threads.</param>
public sealed class FaultyBlobStore(IBlobStore inner, Func<string, string, Fault?> plan) : IBlobStore
{
    /// <summary>A page of <see cref="IBlobStore.ListAsync"/>.</summary>
    public const string List = "list";

    /// <summary><see cref="IBlobStore.FindAsync"/>.</summary>
    public const string Find = "find";

    /// <summary><see cref="IBlobStore.ReadAsync"/>.</summary>
    public const string Read = "read";

    /// <summary><see cref="IBlobStore.OpenReadAsync"/>.</summary>
    public const string OpenRead = "open-read";

    /// <summary><see cref="IBlobStore.WriteAsync"/>.</summary>
    public const string Write = "write";

    /// <summary><see cref="IBlobStore.OpenWriteAsync"/>.</summary>
    public const string OpenWrite = "open-write";

    /// <summary><see cref="BlobWriteStream.CommitAsync"/>.</summary>
    public const string Commit = "commit";

    /// <summary><see cref="IBlobStore.ComposeAsync"/>; torn, it lacks its last piece.</summary>
    public const string Compose = "compose";

    /// <summary><see cref="IBlobStore.DeleteAsync"/>.</summary>
    public const string Delete = "delete";

    /// <inheritdoc/>
    public string Location => inner.Location;

    /// <inheritdoc/>
    public bool ComposesOnServer => inner.ComposesOnServer;

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobPage> ListAsync(string prefix, ListPosition? after, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using IAsyncEnumerator<BlobPage> pages = inner.ListAsync(prefix, after, pageSize, cancellation).GetAsyncEnumerator(cancellation);
        while (await DoAsync(List, prefix, async () => await pages.MoveNextAsync(), cancellation)) yield return pages.Current;
    }

    /// <inheritdoc/>
    public Task<BlobInfo?> FindAsync(string name, CancellationToken cancellation) => DoAsync(Find, name, () => inner.FindAsync(name, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<BlobContent> ReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) => DoAsync(
        Read, name, () => inner.ReadAsync(name, options, cancellation), cancellation, content => content with { Data = content.Data[..(content.Data.Length / 2)] });

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string name, BlobReadOptions? options, CancellationToken cancellation) =>
        DoAsync(OpenRead, name, () => inner.OpenReadAsync(name, options, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<WriteResult> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        EndAsync(Write, name, half => inner.WriteAsync(name, half ? content[..(content.Length / 2)] : content, condition, attempt, cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<BlobWriteStream> OpenWriteAsync(string name, WriteCondition condition, string attempt, CancellationToken cancellation)
    {
        BlobWriteStream stream = await DoAsync(OpenWrite, name, () => inner.OpenWriteAsync(name, condition, attempt, cancellation), cancellation);
        return new FaultyWriteStream(stream, token => EndAsync(Commit, name, _ => stream.CommitAsync(token), token));
    }

    /// <inheritdoc/>
    public Task<WriteResult> ComposeAsync(string name, IReadOnlyList<BlobPiece> pieces, WriteCondition condition, string attempt, CancellationToken cancellation) =>
        EndAsync(Compose, name, torn => inner.ComposeAsync(name, torn ? [.. pieces.SkipLast(1)] : pieces, condition, attempt, cancellation), cancellation);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, string? ifMatch, CancellationToken cancellation) => DoAsync(
        Delete,
        name,
        async () =>
        {
            await inner.DeleteAsync(name, ifMatch, cancellation);
            return true;
        },
        cancellation);

    private async Task<T> DoAsync<T>(string operation, string name, Func<Task<T>> work, CancellationToken cancellation, Func<T, T>? tear = null)
    {
        Fault? fault = plan(operation, name);
        switch (fault?.Kind)
        {
            case FaultKind.RequestLost or FaultKind.Failed:
                throw Failure(operation, name, fault.Kind);
            case FaultKind.Refused:
                throw new BlobChangedException(Location, name, "injected", null);
            case FaultKind.Slow:
                await (fault.Gate ?? Task.CompletedTask).WaitAsync(cancellation);
                break;
        }
        T result = await work();
        if (fault?.Kind is FaultKind.AnswerLost or FaultKind.FailedAfter || (fault?.Kind is FaultKind.Torn && tear is null))
        {
            if (result is IDisposable opened) opened.Dispose();
            throw Failure(operation, name, fault.Kind);
        }
        return fault?.Kind is FaultKind.Torn ? tear!(result) : result;
    }

    private async Task<WriteResult> EndAsync(string operation, string name, Func<bool, Task<WriteResult>> write, CancellationToken cancellation)
    {
        Fault? fault = plan(operation, name);
        switch (fault?.Kind)
        {
            case FaultKind.RequestLost:
                return new WriteResult(WriteOutcome.Unknown, null);
            case FaultKind.Refused:
                return new WriteResult(WriteOutcome.Anothers, null);
            case FaultKind.Failed:
                throw Failure(operation, name, fault.Kind);
            case FaultKind.Slow:
                await (fault.Gate ?? Task.CompletedTask).WaitAsync(cancellation);
                break;
        }
        WriteResult result = await write(fault?.Kind is FaultKind.Torn);
        return fault?.Kind switch
        {
            FaultKind.AnswerLost => new WriteResult(WriteOutcome.Unknown, null),
            FaultKind.AnswerLostThenFound when result.IsMine => result with { Outcome = WriteOutcome.AlreadyMine },
            FaultKind.FailedAfter or FaultKind.Torn => throw Failure(operation, name, fault.Kind),
            _ => result,
        };
    }

    private BlobException Failure(string operation, string name, FaultKind kind) => new(Location, name, $"injected into '{operation}': {kind}.");
}
