using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MaskRcnn.Silo.Tests.Doctor;

/// <summary>Answers Redis' commands as a test says, on a thread of its own.</summary>
internal sealed class FakeRedis : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string> _answer;

    /// <param name="answer">The raw answer to a command, its words with spaces between them.</param>
    public FakeRedis(Func<string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>A list of two texts.</summary>
    public static string Pair(string first, string second) => $"*2\r\n${first.Length}\r\n{first}\r\n${second.Length}\r\n{second}\r\n";

    public void Dispose() => _listener.Stop();

    private void Serve()
    {
        try
        {
            while (true)
            {
                using TcpClient client = _listener.AcceptTcpClient();
                using var reader = new StreamReader(client.GetStream());
                while (reader.ReadLine() is { } count)
                {
                    var words = new List<string>();
                    for (int i = int.Parse(count[1..], System.Globalization.CultureInfo.InvariantCulture); i > 0; i--)
                    {
                        reader.ReadLine();
                        words.Add(reader.ReadLine()!);
                    }
                    client.GetStream().Write(Encoding.UTF8.GetBytes(_answer(string.Join(' ', words))));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or InvalidOperationException)
        {
        }
    }
}
