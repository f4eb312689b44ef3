using System.Buffers;
using System.IO.Pipelines;

namespace MaskRcnn.Transport.Connections;

/// <summary>
/// Waits until a peer has said hello in TLS, without taking it from the pipe. Until then it costs nothing but its socket: a peer
/// that is silent, or that speaks something else, gets no work out of us.
/// </summary>
internal static class ClientHello
{
    private const int HeaderBytes = 5;
    private const byte Handshake = 22, Ssl3 = 3;

    /// <summary>A record's most, with what TLS 1.2 allows beyond 16 KB.</summary>
    private const int MostBytes = 16 * 1024 + 2048;

    /// <summary>Waits for the whole first record.</summary>
    /// <exception cref="TlsHandshakeException">The peer does not speak TLS, or has gone.</exception>
    /// <exception cref="OperationCanceledException">It is too late.</exception>
    public static async Task WaitAsync(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            if (read.IsCanceled) throw new OperationCanceledException("The connection was closed.");
            ReadOnlySequence<byte> buffer = read.Buffer;
            bool isWhole;
            try
            {
                isWhole = IsWhole(buffer);
                if (!isWhole && read.IsCompleted)
                    throw new TlsHandshakeException(buffer.IsEmpty ? "it was closed before anything was said" : "it was closed in the middle of its first message");
            }
            catch (TlsHandshakeException)
            {
                reader.AdvanceTo(buffer.Start, buffer.End);
                throw;
            }
            // What is examined, but not whole, is not given again before there is more.
            reader.AdvanceTo(buffer.Start, isWhole ? buffer.Start : buffer.End);
            if (isWhole) return;
        }
    }

    private static bool IsWhole(ReadOnlySequence<byte> buffer)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        int known = (int)Math.Min(buffer.Length, HeaderBytes);
        buffer.Slice(0, known).CopyTo(header);
        if ((known > 0 && header[0] != Handshake) || (known > 1 && header[1] != Ssl3)) throw new TlsHandshakeException("it is a plain connection; expected TLS");
        if (known < HeaderBytes) return false;
        int length = HeaderBytes + (header[3] << 8 | header[4]);
        if (length > MostBytes) throw new TlsHandshakeException("its first message is longer than TLS allows");
        return buffer.Length >= length;
    }
}
