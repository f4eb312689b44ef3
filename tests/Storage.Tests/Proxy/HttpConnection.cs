using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MaskRcnn.Storage.Tests.Proxy;

/// <summary>As much of a server's side of HTTP/1.1 as a client of blob storage needs. By hand, so that a connection can be closed at any place.</summary>
internal sealed class HttpConnection(Socket socket) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start, _end;

    /// <summary>The next request, or null when the client has closed the connection.</summary>
    public async Task<HttpRequestHead?> ReadHeadAsync(CancellationToken cancellation)
    {
        if (await ReadLineAsync(cancellation) is not { Length: > 0 } first) return null;
        string[] words = first.Split(' ');
        List<(string, string)> headers = [];
        while (await ReadLineAsync(cancellation) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }
        return new HttpRequestHead(words[0], words[1], headers);
    }

    /// <summary>The request's body; the client may want to be told that it may send it.</summary>
    public async Task<byte[]> ReadBodyAsync(HttpRequestHead head, CancellationToken cancellation)
    {
        if (head.Header("Expect") is not null) await _stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellation);
        if (head.Header("Transfer-Encoding") is null) return await ReadAsync(int.Parse(head.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture), cancellation);
        using var body = new MemoryStream();
        while (await ReadLineAsync(cancellation) is { } size && int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and int count)
        {
            body.Write(await ReadAsync(count, cancellation));
            await ReadLineAsync(cancellation);
        }
        await ReadLineAsync(cancellation);
        return body.ToArray();
    }

    /// <summary>Answers.</summary>
    public async Task WriteAsync(int status, IEnumerable<(string Name, string Value)> headers, byte[] body, long length, CancellationToken cancellation)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} .\r\nContent-Length: {length}\r\n");
        foreach ((string name, string value) in headers) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        await _stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body], cancellation);
    }

    /// <summary>Closes it at once, whatever is on its way.</summary>
    public void Abort() => socket.Close(0);

    public void Dispose() => _stream.Dispose();

    private async Task<byte[]> ReadAsync(int count, CancellationToken cancellation)
    {
        byte[] bytes = new byte[count];
        int there = Math.Min(count, _end - _start);
        _buffer.AsSpan(_start, there).CopyTo(bytes);
        _start += there;
        await _stream.ReadExactlyAsync(bytes.AsMemory(there), cancellation);
        return bytes;
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>();
        while (true)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await _stream.ReadAsync(_buffer, cancellation));
                if (_end == 0) return null;
            }
            byte next = _buffer[_start++];
            if (next == '\n') return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
            line.Add(next);
        }
    }
}

/// <summary>The first lines of a request.</summary>
internal sealed record HttpRequestHead(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>A header's value, or null.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
