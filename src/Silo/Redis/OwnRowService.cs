using System.Diagnostics;
using MaskRcnn.Grains;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Silo.Redis;

/// <summary>
/// Looks every few seconds whether this silo is still a member, and ends the process when it is not: Orleans itself goes on for ever
/// with a list of members that was lost, and tries for minutes to join those of such a list. On a thread and a connection of its own, so that it works when nothing else does.
/// </summary>
internal sealed class OwnRowService(SiloSettings settings, ILocalSiloDetails silo, IProcessEnd process) : IHostedLifecycleService, IDisposable
{
    /// <summary>Until one looks again at a list that one is not in: longer than a restored Redis needs from its first key to its last.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(1);

    private readonly ManualResetEvent _stop = new(false);
    private volatile bool _isMember;

    /// <summary>Before Orleans begins to join.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        new Thread(Watch) { IsBackground = true, Name = "own row" }.Start();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Orleans has joined: the row is there.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _isMember = true;
        return Task.CompletedTask;
    }

    /// <summary>Before Orleans leaves.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Set();

    private void Watch()
    {
        string name = silo.SiloAddress.ToString(), key = RedisConfiguration.MembersKey(settings.Cluster.Id);
        var judge = new OwnRowJudge(name);
        using var redis = new RedisNodes(settings.Redis);
        TimeSpan period = TimeSpan.FromSeconds(settings.Membership.OwnRowSeconds), doubt = period < Doubt ? period : Doubt;
        do
        {
            try
            {
                // Asked first: the row that is then looked for is there if it was.
                bool isMember = _isMember;
                IReadOnlyList<string?> seen = redis.Ask("HMGET", key, "Version", name);
                if (judge.Look(seen[0], seen[1], isMember) is { } fault && !_stop.WaitOne(0)) process.Now(SiloExitCode.NotAMember, $"{fault}; this silo ends, to be started again as a new member.");
            }
            catch (Exception exception) when (exception is IOException or FormatException or OverflowException or ArgumentException or UnauthorizedAccessException)
            {
                // Redis is away, which says nothing on its rows: one looks again.
                Debug.WriteLine(exception.Message);
            }
        }
        while (!_stop.WaitOne(judge.IsInDoubt ? doubt : period));
    }
}
