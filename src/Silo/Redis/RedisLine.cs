using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Redis;

/// <summary>
/// One connection to Redis that blocks its thread and needs no other: what watches over this process must not depend on a thread
/// pool that may be the very thing that hangs. For a few small commands; everything else goes through StackExchange.Redis.
/// </summary>
internal sealed class RedisLine : IDisposable
{
    private const string NotRedis = "it does not speak Redis' protocol; is this the right port, and should Redis:Tls be set?";
    private const int DeepestReply = 8;
    private const int LongestReply = 16 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly Stream _stream;

    /// <summary>Connects to one node.</summary>
    /// <exception cref="RedisReplyException">Redis refuses.</exception>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public RedisLine(RedisSettings settings, string endpoint)
    {
        DnsEndPoint node = SettingsRules.HostAndPort(endpoint)!;
        _socket = Connect(node);
        try
        {
            var stream = new NetworkStream(_socket);
            _stream = stream;
            if (settings.Tls)
            {
                var tls = new SslStream(stream);
                _stream = tls;
                tls.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = node.Host, RemoteCertificateValidationCallback = RedisTrust.Of(settings) });
            }
            if (RedisConfiguration.PasswordOf(settings) is { } password) Ask(settings.User is { } user ? ["AUTH", user, password] : ["AUTH", password]);
            if (settings.Database != 0) Ask("SELECT", settings.Database.ToString(CultureInfo.InvariantCulture));
        }
        catch (System.Security.Authentication.AuthenticationException exception)
        {
            Dispose();
            throw new IOException($"its certificate is not accepted: {exception.Message}", exception);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Sends a command and waits for its answer: texts, null for what is not there; a list's elements one after the other.</summary>
    public IReadOnlyList<string?> Ask(params string[] command)
    {
        var request = new StringBuilder();
        request.Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (string part in command) request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        _stream.Write(Encoding.UTF8.GetBytes(request.ToString()));
        _stream.Flush();
        List<string?> reply = [];
        Read(reply, depth: 0);
        return reply;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _socket.Dispose();
    }

    private static Socket Connect(DnsEndPoint node)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(node.Host, out IPAddress? literal) ? [literal] : Dns.GetHostAddresses(node.Host);
        }
        catch (SocketException exception)
        {
            throw new IOException($"its name is not known: {exception.Message}", exception);
        }
        SocketException? last = null;
        foreach (IPAddress address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                // A blocking connect takes minutes to a machine that is gone; poll waits on the kernel alone.
                socket.Blocking = false;
                int microseconds = (int)RedisConfiguration.Patience.TotalMicroseconds;
                try
                {
                    socket.Connect(new IPEndPoint(address, node.Port));
                }
                catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                    if (!socket.Poll(microseconds, SelectMode.SelectWrite)) throw new SocketException((int)SocketError.TimedOut);
                    if ((int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! is not 0 and int error) throw new SocketException(error);
                }
                socket.Blocking = true;
                socket.SendTimeout = socket.ReceiveTimeout = (int)RedisConfiguration.Patience.TotalMilliseconds;
                return socket;
            }
            catch (SocketException exception)
            {
                last = exception;
                socket.Dispose();
            }
        }
        throw new IOException(last?.Message ?? "its name has no address", last);
    }

    private void Read(List<string?> reply, int depth)
    {
        if (depth > DeepestReply) throw new IOException(NotRedis);
        string line = ReadLine();
        switch (line[0])
        {
            case '+' or ':':
                reply.Add(line[1..]);
                break;
            case '-':
                throw new RedisReplyException(line[1..]);
            case '$':
                int length = Number(line);
                if (length > LongestReply) throw new IOException($"an answer has {length} bytes; expected at most {LongestReply}");
                if (length < 0)
                {
                    reply.Add(null);
                    break;
                }
                byte[] bytes = new byte[length + 2];
                _stream.ReadExactly(bytes);
                reply.Add(Encoding.UTF8.GetString(bytes, 0, length));
                break;
            case '*':
                int count = Number(line);
                for (int i = 0; i < count; i++) Read(reply, depth + 1);
                break;
            default:
                throw new IOException(NotRedis);
        }
    }

    private static int Number(string line) => int.TryParse(line.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : throw new IOException(NotRedis);

    private string ReadLine()
    {
        const int Longest = 4096;
        var line = new StringBuilder();
        while (true)
        {
            int next = _stream.ReadByte();
            if (next < 0) throw new IOException("it has closed the connection");
            if (next == '\n') break;
            if (next != '\r') line.Append((char)next);
            if (line.Length > Longest) throw new IOException(NotRedis);
        }
        return line.Length > 0 ? line.ToString() : throw new IOException(NotRedis);
    }
}
