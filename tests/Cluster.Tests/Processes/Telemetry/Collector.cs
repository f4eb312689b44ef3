using System.Collections.Concurrent;
using System.Net;

namespace MaskRcnn.Cluster.Tests.Processes.Telemetry;

/// <summary>Takes what silos send by OTLP over HTTP.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, Protobuf Body, string? Authorization)> _received = [];

    public Collector(int port)
    {
        Address = $"http://127.0.0.1:{port}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ReceiveAsync();
    }

    public string Address { get; }

    /// <summary>Values of the header Authorization that have come.</summary>
    public IReadOnlyList<string?> Authorizations => [.. _received.Select(r => r.Authorization).Distinct()];

    /// <summary>Metrics of our meter: name, unit, kind, the silo's roles.</summary>
    public IReadOnlyList<(string Name, string Unit, string Kind)> Metrics =>
    [
        .. _received.Where(r => r.Path == "/v1/metrics").SelectMany(r => r.Body[1]).SelectMany(resource => resource[2]).Where(scope => scope[1][0].Text(1) == "MaskRcnn")
            .SelectMany(scope => scope[2]).Select(metric => (metric.Text(1), metric.Text(3), metric[5].Count > 0 ? "gauge" : metric[7].Count > 0 ? "counter" : metric[9].Count > 0 ? "histogram" : "other")).Distinct(),
    ];

    /// <summary>Meters that have sent something.</summary>
    public IReadOnlyList<string> Meters => [.. _received.Where(r => r.Path == "/v1/metrics").SelectMany(r => r.Body[1]).SelectMany(resource => resource[2]).Select(scope => scope[1][0].Text(1)).Distinct()];

    /// <summary>Spans.</summary>
    public IReadOnlyList<Span> Spans =>
    [
        .. _received.Where(r => r.Path == "/v1/traces").SelectMany(r => r.Body[1]).SelectMany(resource => resource[2].SelectMany(scope => scope[2]).Select(span => new Span(
            span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4), Texts(resource[1][0][1]), Texts(span[9])))),
    ];

    public void Dispose() => _listener.Close();

    private static Dictionary<string, string> Texts(IReadOnlyList<Protobuf> attributes) => attributes.ToDictionary(a => a.Text(1), a => a[2][0].Text(1));

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext request = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await request.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((request.Request.Url!.AbsolutePath, new Protobuf(body.ToArray()), request.Request.Headers["Authorization"]));
                request.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
        }
    }
}

/// <summary>A span as it was sent; ids are hexadecimal.</summary>
internal sealed record Span(string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Resource, IReadOnlyDictionary<string, string> Attributes);
