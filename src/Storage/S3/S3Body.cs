namespace MaskRcnn.Storage.S3;

/// <summary>The bytes that come of a request.</summary>
/// <param name="bytes">They.</param>
/// <param name="length">How many they are.</param>
/// <param name="eTag">The version that they are of.</param>
/// <param name="response">What holds the connection; null: there is none.</param>
internal sealed class S3Body(Stream bytes, long length, string eTag, HttpResponseMessage? response) : IAsyncDisposable, IDisposable
{
    /// <summary>How many bytes there are.</summary>
    public long Length => length;

    /// <summary>The version that is read.</summary>
    public string ETag => eTag;

    /// <summary>Reads on; a connection over which nothing comes is given up.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(S3BlobStore.AnswerTimeout);
        return await bytes.ReadAsync(buffer, silence.Token);
    }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="EndOfStreamException">It ended before.</exception>
    public async Task ReadExactlyAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (!buffer.IsEmpty)
        {
            int read = await ReadAsync(buffer, cancellation);
            if (read == 0) throw new EndOfStreamException($"{buffer.Length} bytes are missing.");
            buffer = buffer[read..];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bytes.Dispose();
        response?.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await bytes.DisposeAsync();
        response?.Dispose();
    }
}
