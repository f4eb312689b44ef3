using System.Net;
using MaskRcnn.Silo.Settings;
using StackExchange.Redis;

namespace MaskRcnn.Silo.Redis;

/// <summary>The settings as StackExchange.Redis wants them, and the names of keys.</summary>
internal static class RedisConfiguration
{
    private static readonly TimeSpan FirstReconnect = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestReconnect = TimeSpan.FromSeconds(5);

    /// <summary>How long one command may take, and one try to connect.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(3);

    /// <summary>The options of a connection.</summary>
    public static ConfigurationOptions Of(RedisSettings settings)
    {
        var options = new ConfigurationOptions
        {
            User = settings.User,
            Password = PasswordOf(settings),
            DefaultDatabase = settings.Database,
            Ssl = settings.Tls,
            // Redis may be away for a while: it is tried for as long as the silo lives.
            AbortOnConnectFail = false,
            ReconnectRetryPolicy = new ExponentialRetry((int)FirstReconnect.TotalMilliseconds, (int)LongestReconnect.TotalMilliseconds),
            ConnectTimeout = (int)Patience.TotalMilliseconds,
            AsyncTimeout = (int)Patience.TotalMilliseconds,
            SyncTimeout = (int)Patience.TotalMilliseconds,
            // A command that Redis cannot take now fails at once: its caller knows when to try again.
            BacklogPolicy = BacklogPolicy.FailFast,
            IncludeDetailInExceptions = false,
            ClientName = "maskrcnn",
            // A user with no rights but on the cluster's keys is enough.
            TieBreaker = "",
            ConfigurationChannel = "",
        };
        foreach (string endpoint in settings.Endpoints) options.EndPoints.Add(EndpointOf(endpoint));
        if (RedisTrust.Of(settings) is { } trust) options.CertificateValidation += trust;
        return options;
    }

    /// <summary>The list of members.</summary>
    public static string MembersKey(string cluster) => $"maskrcnn/{cluster}/members";

    /// <summary>The state of a grain.</summary>
    public static string StateKey(string cluster, string stateName, GrainId grain) => $"maskrcnn/{cluster}/state/{stateName}/{grain.Key}";

    /// <summary>The password, if there is one.</summary>
    public static string? PasswordOf(RedisSettings settings) => settings.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd() : settings.Password?.Reveal();

    /// <summary>host:port.</summary>
    public static EndPoint EndpointOf(string text)
    {
        DnsEndPoint endpoint = SettingsRules.HostAndPort(text)!;
        return IPAddress.TryParse(endpoint.Host, out IPAddress? address) ? new IPEndPoint(address, endpoint.Port) : endpoint;
    }
}
