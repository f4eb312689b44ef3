namespace MaskRcnn.Silo.Settings;

/// <summary>Metrics, traces and logs: see docs/metrics.md.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Value of <see cref="OtlpProtocol"/>: protobuf over HTTP, usually port 4318.</summary>
    public const string Http = "http";

    /// <summary>Value of <see cref="OtlpProtocol"/>: gRPC, usually port 4317.</summary>
    public const string Grpc = "grpc";

    /// <summary>Where metrics and traces are sent by OTLP: the URI of a collector, without the paths of the signals; default none.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary><c>http</c> (default) or <c>grpc</c>.</summary>
    public string OtlpProtocol { get; init; } = Http;

    /// <summary>Headers for the collector, such as <c>Authorization=Bearer …</c>, with commas between them; from the environment or a settings file.</summary>
    public Secret? OtlpHeaders { get; init; }

    /// <summary>How often metrics are sent by OTLP, seconds, 1 to 3600; default 30.</summary>
    public double OtlpSeconds { get; init; } = 30;

    /// <summary>Whether <c>/metrics</c> on the health port has the metrics for Prometheus; default false.</summary>
    public bool Prometheus { get; init; }

    /// <summary>Whether the log is one JSON document a line, rather than text; default false.</summary>
    public bool JsonLogs { get; init; }
}
