using System.Reflection;
using MaskRcnn.Grains.Telemetry;
using MaskRcnn.Silo.Health;
using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MaskRcnn.Silo.Telemetry;

/// <summary>Sends metrics and traces where the settings say; without them nobody listens, and nothing is measured.</summary>
internal static class TelemetryExtensions
{
    /// <summary>What the silos are called in every metric and span.</summary>
    private const string ServiceName = "maskrcnn-silo";

    /// <summary>Orleans' own meter; docs/metrics.md says where its list is.</summary>
    private const string OrleansMeter = "Microsoft.Orleans";

    /// <summary>.NET's own: memory, garbage collection, thread pool.</summary>
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>A collector that does not answer must not hold up the end of a silo.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Call it before the silo is added: what starts later is measured from its beginning.</summary>
    public static void AddTelemetry(this IServiceCollection services, SiloSettings settings)
    {
        TelemetrySettings telemetry = settings.Telemetry;
        if (telemetry.OtlpEndpoint is null && !telemetry.Prometheus) return;
        OpenTelemetryBuilder builder = services.AddOpenTelemetry().ConfigureResource(resource => Describe(resource, settings));
        builder.WithMetrics(metrics =>
        {
            metrics.AddMeter(Instrumentation.Name, OrleansMeter, RuntimeMeter);
            if (telemetry.Prometheus) metrics.AddPrometheusExporter();
            if (telemetry.OtlpEndpoint is not null) metrics.AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, telemetry, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)TimeSpan.FromSeconds(telemetry.OtlpSeconds).TotalMilliseconds;
            });
        });
        if (telemetry.Prometheus) services.AddSingleton<IAdminPage, PrometheusPage>();
        if (telemetry.OtlpEndpoint is null) return;
        builder.WithTracing(traces => traces.AddSource(Instrumentation.Name).AddOtlpExporter(exporter => Configure(exporter, telemetry, "v1/traces")));
    }

    private static void Describe(ResourceBuilder resource, SiloSettings settings)
    {
        string version = typeof(TelemetryExtensions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        string instance = settings.Cluster.SiloName ?? $"{Environment.MachineName}:{Environment.ProcessId}";
        resource.AddService(ServiceName, serviceVersion: version, autoGenerateServiceInstanceId: false, serviceInstanceId: instance)
            .AddAttributes([new("maskrcnn.cluster", settings.Cluster.Id), new("maskrcnn.roles", string.Join(',', settings.Roles))]);
    }

    private static void Configure(OtlpExporterOptions exporter, TelemetrySettings telemetry, string path)
    {
        bool isHttp = telemetry.OtlpProtocol == TelemetrySettings.Http;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        // By HTTP a signal has a path of its own, which the library adds to its default alone.
        exporter.Endpoint = isHttp ? new Uri($"{telemetry.OtlpEndpoint!.TrimEnd('/')}/{path}") : new Uri(telemetry.OtlpEndpoint!);
        exporter.TimeoutMilliseconds = (int)Patience.TotalMilliseconds;
        if (telemetry.OtlpHeaders is { } headers) exporter.Headers = headers.Reveal();
    }
}
