using System.IO.Pipelines;
using System.Net.Security;

namespace MaskRcnn.Transport.Connections;

/// <summary>What Orleans reads and writes instead of the socket.</summary>
internal sealed class TlsPipe(SslStream stream) : IDuplexPipe, IAsyncDisposable
{
    /// <summary>A TLS record's most.</summary>
    private const int RecordBytes = 16 * 1024;

    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: RecordBytes, minimumReadSize: RecordBytes / 4, leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: RecordBytes, leaveOpen: true));

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync().ConfigureAwait(false);
        try
        {
            // Writes what is left, for which the peer may be gone.
            await Output.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
        }
        await stream.DisposeAsync().ConfigureAwait(false);
    }
}
