using MaskRcnn.Transport;
using MaskRcnn.Transport.Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace MaskRcnn.Silo.Hosting;

/// <summary>Mutual TLS on both ports of a silo, and on its connections to others.</summary>
internal static class SiloTls
{
    public static void UseTls(this ISiloBuilder silo, TlsFiles files)
    {
        silo.Services.AddSingleton(services =>
            CertificateSource.Open(files, TlsRole.Silo, services.GetService<TimeProvider>(), services.GetRequiredService<ILogger<CertificateSource>>()));
        silo.Configure<SiloConnectionOptions>(options =>
        {
            options.ConfigureSiloOutboundConnection(connection => connection.UseTlsToSilos(Source(connection.ApplicationServices)));
            options.ConfigureSiloInboundConnection(connection => connection.UseTlsFromSilos(Source(connection.ApplicationServices)));
            options.ConfigureGatewayInboundConnection(connection => connection.UseTlsFromClients(Source(connection.ApplicationServices)));
        });

        static CertificateSource Source(IServiceProvider services) => services.GetRequiredService<CertificateSource>();
    }
}
