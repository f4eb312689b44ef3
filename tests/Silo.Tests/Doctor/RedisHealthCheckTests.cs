using System.Globalization;
using MaskRcnn.Silo.Doctor;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Tests.Doctor;

public sealed class RedisHealthCheckTests
{
    [Fact]
    public void A_Redis_that_is_as_it_should_be_is_ok() => Assert.Equal([("redis", Verdict.Ok), ("clock", Verdict.Ok)], Verdicts(Run("yes", "noeviction", TimeSpan.Zero)));

    [Fact]
    public void What_its_operator_should_change_is_a_warning_each_and_says_what_to_do()
    {
        IReadOnlyList<Finding> found = Run("no", "allkeys-lru", TimeSpan.FromSeconds(-40));
        Assert.Equal([("redis", Verdict.Ok), ("redis", Verdict.Warning), ("redis", Verdict.Warning), ("clock", Verdict.Warning)], Verdicts(found));
        Assert.Contains("appendonly yes", found[1].Seen, StringComparison.Ordinal);
        Assert.Contains("allkeys-lru", found[2].Seen, StringComparison.Ordinal);
        Assert.Contains("behind this machine's", found[3].Seen, StringComparison.Ordinal);
        Assert.All(found.Skip(1), finding => Assert.NotNull(finding.Advice));
    }

    [Fact]
    public void A_password_that_is_wrong_fails_and_is_not_shown()
    {
        using var redis = new FakeRedis(_ => "-WRONGPASS invalid username-password pair\r\n");
        Finding found = Assert.Single(RedisHealthCheck.Run(new RedisSettings { Endpoints = [redis.Endpoint], User = "silo", Password = new Secret("correct-horse") }, TimeProvider.System));
        Assert.Equal(Verdict.Failed, found.Verdict);
        Assert.Contains("WRONGPASS", found.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse", found.ToString(), StringComparison.Ordinal);
        Assert.Contains("Redis:PasswordFile", found.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Redis_that_is_not_there_and_one_that_is_none_fail()
    {
        string gone;
        using (var redis = new FakeRedis(_ => "")) gone = redis.Endpoint;
        using var web = new FakeRedis(_ => "HTTP/1.1 400 Bad Request\r\n");
        foreach (string endpoint in new[] { gone, web.Endpoint })
        {
            Finding found = Assert.Single(RedisHealthCheck.Run(new RedisSettings { Endpoints = [endpoint] }, TimeProvider.System));
            Assert.Equal((Verdict.Failed, true), (found.Verdict, found.Seen.Contains(endpoint, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_Redis_that_tells_nothing_of_itself_is_warned_of()
    {
        using var redis = new FakeRedis(command => command == "PING" ? "+PONG\r\n" : "-NOPERM this user has no permissions\r\n");
        Assert.Equal([("redis", Verdict.Ok), ("redis", Verdict.Warning), ("clock", Verdict.Warning)], Verdicts(RedisHealthCheck.Run(new RedisSettings { Endpoints = [redis.Endpoint] }, TimeProvider.System)));
    }

    private static IReadOnlyList<Finding> Run(string appendOnly, string policy, TimeSpan off)
    {
        using var redis = new FakeRedis(command => command switch
        {
            "PING" => "+PONG\r\n",
            "CONFIG GET appendonly" => FakeRedis.Pair("appendonly", appendOnly),
            "CONFIG GET maxmemory-policy" => FakeRedis.Pair("maxmemory-policy", policy),
            "TIME" => FakeRedis.Pair((TimeProvider.System.GetUtcNow() + off).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), "0"),
            _ => "-ERR unknown command\r\n",
        });
        return RedisHealthCheck.Run(new RedisSettings { Endpoints = [redis.Endpoint] }, TimeProvider.System);
    }

    private static IEnumerable<(string, Verdict)> Verdicts(IEnumerable<Finding> found) => found.Select(finding => (finding.Check, finding.Verdict));
}
