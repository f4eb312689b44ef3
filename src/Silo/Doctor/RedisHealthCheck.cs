using System.Globalization;
using MaskRcnn.Silo.Redis;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Doctor;

/// <summary>Whether Redis answers and lets us in, is kept as it should be, and what time it is there.</summary>
internal static class RedisHealthCheck
{
    private const string Name = "redis";

    public static IReadOnlyList<Finding> Run(RedisSettings settings, TimeProvider time)
    {
        string where = string.Join(", ", settings.Endpoints);
        try
        {
            IReadOnlyList<string> warnings = RedisCheck.Ask(settings);
            List<Finding> found = [new Finding(Name, Verdict.Ok, $"Redis at {where} answers{(settings.Tls ? " by TLS" : "")}.")];
            found.AddRange(warnings.Select(warning => new Finding(Name, Verdict.Warning, warning, "See 'Redis' in docs/operations.md.")));
            found.Add(Clock(settings, time));
            return found;
        }
        catch (RedisReplyException exception) when (exception.IsRefusal)
        {
            return [new Finding(Name, Verdict.Failed, $"Redis at {where} refuses: {exception.Message}", "Check Redis:User, Redis:Password or Redis:PasswordFile, and the user's rights: docs/operations.md has them.")];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [new Finding(Name, Verdict.Failed, $"Redis at {where} is not reached: {exception.Message}", "Check that it runs, Redis:Endpoints, Redis:Tls, and what is between it and this machine.")];
        }
    }

    private static Finding Clock(RedisSettings settings, TimeProvider time)
    {
        try
        {
            using var redis = new RedisNodes(settings);
            DateTimeOffset before = time.GetUtcNow();
            return redis.Ask("TIME") is [{ } seconds, ..] && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long since)
                ? ClockCheck.Judge("Redis", DateTimeOffset.FromUnixTimeSeconds(since), before, time.GetUtcNow())
                : new Finding("clock", Verdict.Warning, "Redis told no time.", "Look at its clock by hand.");
        }
        catch (IOException exception)
        {
            return new Finding("clock", Verdict.Warning, $"Redis does not tell the time: {exception.Message}", "Allow its user the command TIME, or look at its clock by hand.");
        }
    }
}
