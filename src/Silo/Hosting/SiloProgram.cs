using System.Globalization;
using System.Net;
using MaskRcnn.Grains.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Silo.Hosting;

/// <summary>
/// The silo's own command line, as the supervisor uses it: <c>--name value</c> pairs. It prints <c>ready</c> when the silo is a
/// member, and ends when its standard input does, if told to: a child that has lost its supervisor.
/// </summary>
public static class SiloProgram
{
    private static readonly string[] Names = ["roles", "silo-port", "gateway-port", "primary", "state", "devices", "threads", "cache", "lease-seconds", "renew-seconds", "follow-stdin"];

    /// <summary>Runs a silo until it is told to end.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="more">Adds or replaces services, for tests and benchmarks.</param>
    /// <returns>0; 2 for a wrong command line.</returns>
    public static async Task<int> RunAsync(string[] arguments, Action<ISiloBuilder>? more = null)
    {
        SiloOptions options;
        Dictionary<string, string> values;
        try
        {
            values = Parse(arguments);
            options = Read(values);
            if (options.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(Environment.NewLine, problems));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            return 2;
        }
        bool isSupervised = values.ContainsKey("follow-stdin");
        using IHost host = SiloHost.Build(options, silo =>
        {
            if (isSupervised) silo.Services.AddSingleton<IHostLifetime, SupervisedLifetime>();
            more?.Invoke(silo);
        });
        using var watch = isSupervised ? new SupervisorWatch(Console.OpenStandardInput(), host) : null;
        await host.StartAsync();
        await Console.Out.WriteLineAsync(ReadyLine);
        await host.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>What a silo prints when it is a member of the cluster.</summary>
    public const string ReadyLine = "ready";

    /// <summary>The command line that gives these options to a child that follows its standard input.</summary>
    public static IReadOnlyList<string> Arguments(SiloOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var arguments = new List<string>
        {
            "--roles", string.Join(',', options.Roles),
            "--silo-port", Text(options.SiloPort),
            "--gateway-port", Text(options.GatewayPort),
            "--state", options.State,
            "--cache", options.Cache,
            "--lease-seconds", Text(options.LeaseSeconds),
            "--renew-seconds", Text(options.RenewSeconds),
            "--follow-stdin", "yes",
        };
        if (options.Primary is { } primary) arguments.AddRange("--primary", primary.ToString());
        if (options.Devices.Count > 0) arguments.AddRange("--devices", string.Join(',', options.Devices));
        if (options.Threads is { } threads) arguments.AddRange("--threads", Text(threads));
        return arguments;

        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
    }

    private static Dictionary<string, string> Parse(string[] arguments)
    {
        var values = new Dictionary<string, string>();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string name = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][2..] : "";
            if (!Names.Contains(name)) throw new ArgumentException($"Unknown option '{arguments[i]}'; expected one of --{string.Join(", --", Names)}.");
            if (i + 1 == arguments.Length) throw new ArgumentException($"{arguments[i]} has no value.");
            values[name] = arguments[i + 1];
        }
        return values;
    }

    private static SiloOptions Read(Dictionary<string, string> values)
    {
        var defaults = new { Lease = 15.0, Renew = 5.0 };
        return new SiloOptions
        {
            Roles = (values.GetValueOrDefault("roles") ?? $"{SiloRoles.Coordinator},{SiloRoles.Worker}").Split(','),
            SiloPort = Number("silo-port") ?? throw new ArgumentException("--silo-port is missing."),
            GatewayPort = Number("gateway-port") ?? 0,
            Primary = values.TryGetValue("primary", out string? primary) ? IPEndPoint.Parse(primary) : null,
            State = values.GetValueOrDefault("state") ?? throw new ArgumentException("--state is missing; expected a folder or URI."),
            Devices = values.GetValueOrDefault("devices")?.Split(',') ?? [],
            Threads = Number("threads"),
            Cache = values.GetValueOrDefault("cache") ?? Path.Combine(Path.GetTempPath(), "maskrcnn-cache"),
            LeaseSeconds = Seconds("lease-seconds") ?? defaults.Lease,
            RenewSeconds = Seconds("renew-seconds") ?? defaults.Renew,
        };

        int? Number(string name) => values.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;

        double? Seconds(string name) => values.TryGetValue(name, out string? text) ? double.Parse(text, CultureInfo.InvariantCulture) : null;
    }
}
