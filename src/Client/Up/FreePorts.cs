using System.Net;
using System.Net.Sockets;

namespace MaskRcnn.Client.Up;

/// <summary>Ports of the loopback address that nobody listens on.</summary>
internal static class FreePorts
{
    /// <summary>Finds some; if a port is wanted and free, it is the first.</summary>
    public static int[] Find(int count, int? wanted)
    {
        var listeners = new List<TcpListener>();
        try
        {
            if (wanted is { } port && TryListen(port) is { } first) listeners.Add(first);
            while (listeners.Count < count) listeners.Add(TryListen(0)!);
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Stop());
        }
    }

    private static TcpListener? TryListen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException) when (port != 0)
        {
            listener.Stop();
            return null;
        }
    }
}
