using System.Net;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Transport.Connections;

/// <summary>Tells of refused connections, but not of each when they are many: strangers must not fill a disk with our log.</summary>
internal sealed partial class Refusals(string port, ILogger logger, TimeProvider time)
{
    private const int ShownAtOnce = 20;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _start;
    private int _shown, _hidden;

    public void Add(EndPoint? peer, string reason)
    {
        int hidden;
        lock (_lock)
        {
            if (_start is null || time.GetElapsedTime(_start.Value) >= Span) (_start, _shown) = (time.GetTimestamp(), 0);
            if (++_shown > ShownAtOnce)
            {
                _hidden++;
                return;
            }
            (hidden, _hidden) = (_hidden, 0);
        }
        if (hidden > 0) LogHidden(hidden, port);
        LogRefused(peer, port, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a connection from {Peer} on the {Port} port: {Reason}.")]
    private partial void LogRefused(EndPoint? peer, string port, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} more connections on the {Port} port were refused since the last one told of.")]
    private partial void LogHidden(int count, string port);
}
