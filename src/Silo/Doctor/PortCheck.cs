using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Doctor;

/// <summary>Whether the ports can be had: free, or held by the silo of these settings, which its health port tells.</summary>
internal static class PortCheck
{
    private const string Name = "port";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async IAsyncEnumerable<Finding> RunAsync(SiloSettings settings, [EnumeratorCancellation] CancellationToken cancellation)
    {
        bool? runs = settings.Health.Port == 0 ? null : await IsSiloThereAsync(settings.Health, cancellation);
        EndpointSettings endpoints = settings.Endpoints;
        yield return Look("Endpoints:SiloPort", endpoints.Listening, endpoints.SiloPort, runs);
        if (endpoints.GatewayPort != 0) yield return Look("Endpoints:GatewayPort", endpoints.Listening, endpoints.GatewayPort, runs);
        if (settings.Health.Port != 0) yield return Look("Health:Port", IPAddress.Parse(settings.Health.Address), settings.Health.Port, runs);
    }

    /// <param name="key">The setting.</param>
    /// <param name="address">Where the silo listens.</param>
    /// <param name="port">The port.</param>
    /// <param name="runs">Whether a silo of these settings runs; null: nobody can say.</param>
    private static Finding Look(string key, IPAddress address, int port, bool? runs)
    {
        var endpoint = new IPEndPoint(address, port);
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            // As servers do: connections that have ended do not hold a port.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(endpoint);
            socket.Listen(1);
            return new Finding(Name, Verdict.Ok, $"{key}: {endpoint} is free.");
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return runs switch
            {
                true => new Finding(Name, Verdict.Ok, $"{key}: {endpoint} is in use, and a silo answers at Health:Port."),
                null => new Finding(Name, Verdict.Warning, $"{key}: {endpoint} is in use.", "That is right if this silo runs; else end what holds it ('ss -ltnp'), or take another port."),
                false => new Finding(Name, Verdict.Failed, $"{key}: {endpoint} is in use, and not by a silo that answers at Health:Port.", "End what holds it ('ss -ltnp'), or take another port."),
            };
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            return new Finding(Name, Verdict.Failed, $"{key}: {address} is no address of this machine.", "Set Endpoints:ListenAddress or Health:Address to one of its own, or to 0.0.0.0.");
        }
        catch (SocketException exception)
        {
            return new Finding(Name, Verdict.Failed, $"{key}: {endpoint} cannot be had: {exception.Message}.", "Ports below 1024 need rights; take a higher one.");
        }
    }

    private static async Task<bool> IsSiloThereAsync(HealthSettings health, CancellationToken cancellation)
    {
        var address = IPAddress.Parse(health.Address);
        if (address.Equals(IPAddress.Any)) address = IPAddress.Loopback;
        else if (address.Equals(IPAddress.IPv6Any)) address = IPAddress.IPv6Loopback;
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{new IPEndPoint(address, health.Port)}/health/live"), cancellation);
            return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation) is { ValueKind: JsonValueKind.Object } body
                && body.TryGetProperty("question", out JsonElement question) && question.ValueKind == JsonValueKind.String && question.GetString() == "live";
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or NotSupportedException or InvalidOperationException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
