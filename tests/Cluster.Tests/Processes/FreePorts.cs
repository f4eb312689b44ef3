using System.Net;
using System.Net.Sockets;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>Ports of this machine that nobody listens at.</summary>
internal static class FreePorts
{
    public static int Find() => Find(1)[0];

    /// <summary>As many, all different.</summary>
    public static int[] Find(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners) listener.Stop();
        return ports;
    }
}
