using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MaskRcnn.Storage.Tests.Proxy;

/// <summary>
/// Stands on loopback before a service over HTTP and passes requests on, with their Host header, path and query as they came,
/// so that signatures hold, except for those that its plan lets go wrong.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(200);
    private static readonly FrozenSet<string> OfTheConnection = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Host", "Expect");

    private readonly TcpListener _listener;
    private readonly Uri _target;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, AutomaticDecompression = DecompressionMethods.None });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private long _awayUntil;
    private int _refused;

    private FaultProxy(TcpListener listener, Uri target)
    {
        (_listener, _target, Address) = (listener, target, new Uri($"http://{listener.LocalEndpoint}"));
        _loop = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What goes wrong; null for nothing.</summary>
    public ProxyPlan? Plan { get; set; }

    /// <summary>Requests that came while the service could not be reached.</summary>
    public int Refused => Volatile.Read(ref _refused);

    private bool IsAway => TimeProvider.System.GetTimestamp() < Volatile.Read(ref _awayUntil);

    /// <summary>Starts it on a free port.</summary>
    /// <param name="target">The service's address; its path is not used.</param>
    public static FaultProxy Start(Uri target)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new FaultProxy(listener, target);
    }

    /// <summary>A URI or connection string with the proxy in the service's place.</summary>
    public string Through(string text) => text.Replace($"{_target.Scheme}://{_target.Authority}", $"{Address.Scheme}://{Address.Authority}", StringComparison.Ordinal);

    /// <summary>For so long from now on every connection is closed at once.</summary>
    public void CutOff(TimeSpan time) => Volatile.Write(ref _awayUntil, TimeProvider.System.GetTimestamp() + (long)(time.TotalSeconds * TimeProvider.System.TimestampFrequency));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _client.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = new HttpConnection(socket);
        try
        {
            bool more = true;
            while (more && await connection.ReadHeadAsync(_stop.Token) is { } head) more = await ServeAsync(connection, head);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or ObjectDisposedException or OperationCanceledException or SocketException or FormatException)
        {
            // As a proxy does whose other side is gone.
        }
        connection.Abort();
    }

    /// <returns>Whether the connection lives on.</returns>
    private async Task<bool> ServeAsync(HttpConnection connection, HttpRequestHead head)
    {
        if (IsAway)
        {
            Interlocked.Increment(ref _refused);
            return false;
        }
        ProxyFault fault = Plan?.Next(head.Method, head.Target) ?? ProxyFault.None;
        if (fault == ProxyFault.RequestLost) return false;
        if (fault == ProxyFault.Delay) await Task.Delay(Late, TimeProvider.System, _stop.Token);
        byte[] body = await connection.ReadBodyAsync(head, _stop.Token);
        if (fault is ProxyFault.Error or ProxyFault.Busy or ProxyFault.Conflict or ProxyFault.ConditionFailed) return await AnswerAsync(connection, fault, head);
        using HttpResponseMessage answer = await _client.SendAsync(Request(head, body), HttpCompletionOption.ResponseHeadersRead, _stop.Token);
        byte[] content = await answer.Content.ReadAsByteArrayAsync(_stop.Token);
        if (fault == ProxyFault.AnswerLost) return false;
        if (fault == ProxyFault.ErrorAfter) return await AnswerAsync(connection, fault, head);
        IEnumerable<(string, string)> headers = answer.Headers.Concat(answer.Content.Headers).Where(header => !OfTheConnection.Contains(header.Key))
            .SelectMany(header => header.Value.Select(value => (header.Key, value)));
        long length = head.Method == "HEAD" ? answer.Content.Headers.ContentLength ?? 0 : content.Length;
        await connection.WriteAsync((int)answer.StatusCode, headers, content, length, _stop.Token);
        return true;
    }

    private HttpRequestMessage Request(HttpRequestHead head, byte[] body)
    {
        // As it was sent: another spelling of the same path has another signature.
        var address = new Uri($"{_target.Scheme}://{_target.Authority}{head.Target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(head.Method), address);
        if (body.Length > 0 || head.Method is "PUT" or "POST") message.Content = new ByteArrayContent(body);
        foreach ((string name, string value) in head.Headers.Where(header => !OfTheConnection.Contains(header.Name)))
        {
            if (!message.Headers.TryAddWithoutValidation(name, value)) message.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        message.Headers.Host = head.Header("Host");
        return message;
    }

    /// <summary>An answer that the service might give.</summary>
    private async Task<bool> AnswerAsync(HttpConnection connection, ProxyFault fault, HttpRequestHead head)
    {
        (int status, string code) = fault switch
        {
            ProxyFault.Busy => (503, "ServerBusy"),
            ProxyFault.Conflict => (409, "BlobAlreadyExists"),
            ProxyFault.ConditionFailed => (412, "ConditionNotMet"),
            _ => (500, "InternalError"),
        };
        byte[] body = head.Method == "HEAD" ? [] : Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>Injected.</Message></Error>");
        await connection.WriteAsync(status, [("Content-Type", "application/xml"), ("x-ms-error-code", code)], body, body.Length, _stop.Token);
        return true;
    }
}
