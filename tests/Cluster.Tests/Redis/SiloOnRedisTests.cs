using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Silo.Redis;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Redis;

/// <summary>How a silo's process starts with a Redis that is or is not as it should be, and how it ends.</summary>
[Collection(ProcessTests.Name)]
public sealed class SiloOnRedisTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("MaskRcnn.Silo")]
    [InlineData("MaskRcnn.Cluster.Tests.Host")]
    public async Task A_silo_that_is_missing_from_the_list_of_members_ends_with_a_code_of_its_own(string program)
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        SiloSettings settings = Settings(redis.Settings);
        // The host of tests lets every thread of its pool hang.
        using var silo = new SiloProcess("silo", program == "MaskRcnn.Silo" ? settings : settings with { Cluster = settings.Cluster with { SiloName = "hanging" } }, program);
        await silo.ReadyAsync();
        redis.Ask("HDEL", RedisConfiguration.MembersKey(settings.Cluster.Id), Row(redis, settings));
        Assert.Equal(SiloExitCode.NotAMember, await silo.ExitAsync(Soon));
        Assert.Contains("is missing from the list of members", silo.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_whose_Redis_is_away_for_a_while_goes_on()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        SiloSettings settings = Settings(redis.Settings);
        using var silo = new SiloProcess("silo", settings);
        await silo.ReadyAsync();
        await redis.KillAsync();
        // Several looks are in vain in this time.
        await Patience.UntilAsync("Orleans has trouble with its list", () => silo.Said.Contains("Redis", StringComparison.Ordinal) && silo.Said.Length > 2000, () => Task.FromResult(silo.Said));
        await redis.StartAgainAsync();
        string row = Row(redis, settings);
        redis.Ask("HDEL", RedisConfiguration.MembersKey(settings.Cluster.Id), row);
        Assert.Equal(SiloExitCode.NotAMember, await silo.ExitAsync(Soon));
    }

    [Fact]
    public async Task Redis_is_reached_by_TLS_with_user_and_password()
    {
        RedisServer.Skip();
        using var certificates = new RedisCertificates();
        var right = new RedisSettings { Tls = true, TlsCaFile = certificates.AuthorityFile, User = "silo", Password = new Secret("correct-horse") };
        await using RedisServer redis = await RedisServer.StartAsync(right, port =>
        [
            "--port", "0", "--tls-port", port, "--tls-cert-file", certificates.CertificateFile, "--tls-key-file", certificates.KeyFile, "--tls-ca-cert-file", certificates.AuthorityFile,
            "--tls-auth-clients", "no", "--appendonly", "yes", "--user", "default", "off", "--user", "silo", "on", ">correct-horse", "~maskrcnn/*", "+@all", "-@admin", "+config|get",
        ]);
        using (var silo = new SiloProcess("silo", Settings(redis.Settings)))
        {
            await silo.ReadyAsync();
            Assert.DoesNotContain("warning", silo.Said, StringComparison.Ordinal);
        }
        await RefusedAsync(redis.Settings with { Password = new Secret("battery-staple") }, "WRONGPASS", "battery-staple");
        await RefusedAsync(redis.Settings with { User = null, Password = null }, "NOAUTH", "correct-horse");
        // Of a foreign authority, and without TLS.
        using var foreign = new RedisCertificates();
        await RefusedAsync(redis.Settings with { TlsCaFile = foreign.AuthorityFile }, "certificate is not accepted", "correct-horse");
        await RefusedAsync(redis.Settings with { Tls = false, TlsCaFile = null }, $"localhost:{redis.Port}", "correct-horse");
    }

    [Fact]
    public async Task A_silo_without_Redis_ends_with_a_code_of_its_own_and_says_where_it_looked()
    {
        RedisServer.Skip();
        string endpoint = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePorts.Find()}");
        await RefusedAsync(new RedisSettings { Endpoints = [endpoint] }, endpoint, "\0");
    }

    [Fact]
    public async Task A_silo_says_when_what_answers_is_no_Redis()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serve = Task.Run(async () =>
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("SSH-2.0-OpenSSH\r\n"u8.ToArray());
            }
        });
        await RefusedAsync(new RedisSettings { Endpoints = [listener.LocalEndpoint.ToString()!] }, "does not speak Redis' protocol", "\0");
        listener.Stop();
        await Assert.ThrowsAnyAsync<SocketException>(() => serve);
    }

    [Fact]
    public async Task A_silo_warns_of_a_Redis_that_may_forget_and_of_one_that_does_not_tell()
    {
        await using RedisServer redis = await RedisServer.StartAsync(null, port => ["--port", port, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]);
        using (var silo = new SiloProcess("silo", Settings(redis.Settings)))
        {
            await silo.ReadyAsync();
            Assert.Contains("warning: Redis has no append-only file", silo.Said, StringComparison.Ordinal);
            Assert.Contains("eviction policy 'allkeys-lru'", silo.Said, StringComparison.Ordinal);
        }
        redis.Ask("ACL", "SETUSER", "silo", "on", ">pass", "~*", "+@all", "-config");
        using var other = new SiloProcess("silo", Settings(redis.Settings with { User = "silo", Password = new Secret("pass") }));
        await other.ReadyAsync();
        Assert.Contains("warning: Redis does not tell its configuration", other.Said, StringComparison.Ordinal);
    }

    private static string Row(RedisServer redis, SiloSettings settings) =>
        redis.Ask("HKEYS", RedisConfiguration.MembersKey(settings.Cluster.Id)).Single(name => name != "Version")!;

    private async Task RefusedAsync(RedisSettings redis, string expected, string secret)
    {
        SiloSettings settings = Settings(redis);
        using var silo = new SiloProcess("silo", settings with { Cluster = settings.Cluster with { StartSeconds = 0 } });
        Assert.Equal(SiloExitCode.Unreachable, await silo.ExitAsync(Soon));
        Assert.Contains(expected, silo.Said, StringComparison.Ordinal);
        Assert.Contains(redis.Endpoints[0], silo.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, silo.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Said, StringComparison.Ordinal);
    }

    private SiloSettings Settings(RedisSettings redis) => new()
    {
        Roles = [SiloRoles.Coordinator],
        Cluster = new ClusterSettings { Clustering = ClusterSettings.Redis },
        Redis = redis,
        Endpoints = new EndpointSettings { SiloPort = FreePorts.Find() },
        Storage = new StorageSettings { State = Path.Combine(_folder.FullName, "state") },
        Membership = new MembershipSettings { OwnRowSeconds = 1 },
    };
}
