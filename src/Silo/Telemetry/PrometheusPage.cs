using MaskRcnn.Silo.Health;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry.Metrics;

namespace MaskRcnn.Silo.Telemetry;

/// <summary><c>/metrics</c>: this silo's metrics as Prometheus reads them.</summary>
internal sealed class PrometheusPage(MeterProvider metrics) : IAdminPage
{
    public void Map(WebApplication server) => server.MapPrometheusScrapingEndpoint("/metrics", metrics, configureBranchedPipeline: null, optionsName: null);
}
