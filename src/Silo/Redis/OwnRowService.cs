using System.Diagnostics;
using MaskRcnn.Grains;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Silo.Redis;

/// <summary>
/// Looks every few seconds whether this silo is still a member, and ends the process when it is not: Orleans itself goes on for ever
/// with a list of members that was lost. On a thread and a connection of its own, so that it works when nothing else does.
/// </summary>
internal sealed class OwnRowService(SiloSettings settings, ILocalSiloDetails silo, IProcessEnd process) : IHostedService, IDisposable
{
    private readonly ManualResetEvent _stop = new(false);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Started after Orleans: from now on the row is there.
        new Thread(Watch) { IsBackground = true, Name = "own row" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        return Task.CompletedTask;
    }

    public void Dispose() => _stop.Set();

    private void Watch()
    {
        string name = silo.SiloAddress.ToString(), key = RedisConfiguration.MembersKey(settings.Cluster.Id);
        var judge = new OwnRowJudge(name);
        using var redis = new RedisNodes(settings.Redis);
        TimeSpan period = TimeSpan.FromSeconds(settings.Membership.OwnRowSeconds);
        do
        {
            try
            {
                IReadOnlyList<string?> seen = redis.Ask("HMGET", key, "Version", name);
                if (judge.Look(seen[0], seen[1]) is { } fault && !_stop.WaitOne(0)) process.Now(SiloExitCode.NotAMember, $"{fault}; this silo ends, to be started again as a new member.");
            }
            catch (Exception exception) when (exception is IOException or FormatException or OverflowException or ArgumentException or UnauthorizedAccessException)
            {
                // Redis is away, which says nothing on its rows: one looks again.
                Debug.WriteLine(exception.Message);
            }
        }
        while (!_stop.WaitOne(period));
    }
}
