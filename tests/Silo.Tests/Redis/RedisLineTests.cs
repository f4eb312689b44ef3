using System.Net;
using System.Net.Sockets;
using System.Text;
using MaskRcnn.Silo.Redis;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Tests.Redis;

/// <summary>What the blocking client makes of answers, good and hostile ones.</summary>
public sealed class RedisLineTests
{
    [Theory]
    [InlineData("+PONG\r\n", "PONG")]
    [InlineData(":42\r\n", "42")]
    [InlineData("$4\r\nh\u00e9y\r\n", "héy")]
    [InlineData("$0\r\n\r\n", "")]
    [InlineData("$-1\r\n", null)]
    [InlineData("*2\r\n$1\r\na\r\n$-1\r\n", "a", null)]
    [InlineData("*0\r\n")]
    public void Answers_are_read(string answer, params string?[]? expected)
    {
        using var server = new OneAnswer(answer);
        Assert.Equal(expected ?? [null], server.Ask());
    }

    [Theory]
    [InlineData("-WRONGPASS invalid\r\n", "WRONGPASS invalid")]
    [InlineData("HTTP/1.1 400\r\n", "does not speak")]
    [InlineData("\r\n", "does not speak")]
    [InlineData("$999999999\r\n", "expected at most")]
    [InlineData("$5\r\nab", "")]
    [InlineData("", "closed")]
    public void Other_answers_are_errors(string answer, string expected)
    {
        using var server = new OneAnswer(answer);
        Assert.Contains(expected, Assert.ThrowsAny<IOException>(server.Ask).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_is_one_that_trying_again_does_not_change()
    {
        Assert.True(new RedisReplyException("WRONGPASS invalid username-password pair").IsRefusal);
        Assert.True(new RedisReplyException("ERR AUTH <password> called without any password configured").IsRefusal);
        Assert.False(new RedisReplyException("LOADING Redis is loading the dataset in memory").IsRefusal);
    }

    /// <summary>A server that reads something, answers, and goes.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public OneAnswer(string answer)
        {
            _listener.Start();
            new Thread(() =>
            {
                using TcpClient client = _listener.AcceptTcpClient();
                NetworkStream stream = client.GetStream();
                _ = stream.Read(new byte[1024]);
                stream.Write(Encoding.UTF8.GetBytes(answer));
            }) { IsBackground = true }.Start();
        }

        public IReadOnlyList<string?> Ask()
        {
            using var line = new RedisLine(new RedisSettings(), _listener.LocalEndpoint.ToString()!);
            return line.Ask("PING");
        }

        public void Dispose() => _listener.Dispose();
    }
}
