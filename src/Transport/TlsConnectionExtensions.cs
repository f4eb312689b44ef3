using MaskRcnn.Transport.Certificates;
using MaskRcnn.Transport.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;

namespace MaskRcnn.Transport;

/// <summary>
/// Mutual TLS for Orleans' connections. Its three kinds of a silo are given to <c>SiloConnectionOptions</c> (silo outbound:
/// <see cref="UseTlsToSilos"/>, silo inbound: <see cref="UseTlsFromSilos"/>, gateway inbound: <see cref="UseTlsFromClients"/>).
/// </summary>
public static class TlsConnectionExtensions
{
    /// <summary>Gives a client mutual TLS.</summary>
    /// <param name="client">The client.</param>
    /// <param name="source">Its certificate.</param>
    public static IClientBuilder UseTls(this IClientBuilder client, CertificateSource source)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.Services.Configure<ClientConnectionOptions>(options => options.ConfigureConnection(connection => connection.UseTlsToSilos(source)));
        return client;
    }

    /// <summary>Connections that a silo or a client makes: the other side must be a silo.</summary>
    public static void UseTlsToSilos(this IConnectionBuilder connection, CertificateSource source)
    {
        var middleware = new TlsClientMiddleware(source);
        connection.UseMiddleware(middleware);
    }

    /// <summary>Connections that come to the port for silos: the other side must be one.</summary>
    public static void UseTlsFromSilos(this IConnectionBuilder connection, CertificateSource source) => UseServer(connection, source, "silo", TlsRole.Silo);

    /// <summary>Connections that come to the port for clients: the other side must be a client, or a silo.</summary>
    public static void UseTlsFromClients(this IConnectionBuilder connection, CertificateSource source) => UseServer(connection, source, "gateway", TlsRole.Client, TlsRole.Silo);

    private static void UseServer(IConnectionBuilder connection, CertificateSource source, string port, params TlsRole[] peers)
    {
        ArgumentNullException.ThrowIfNull(source);
        ILoggerFactory loggers = connection.ApplicationServices.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var refusals = new Refusals(port, loggers.CreateLogger(typeof(TlsConnectionExtensions).Namespace!), source.Time);
        // A gate a port: clients that come in crowds do not keep silos from each other.
        connection.UseMiddleware(new TlsServerMiddleware(source, peers, new HandshakeGate(), refusals));
    }
}
