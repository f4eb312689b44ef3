using System.Collections.Concurrent;
using MaskRcnn.Detection.Kernels;

namespace MaskRcnn.Detection.Tests.Kernels;

public sealed class ThreadTeamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Many_loops_from_many_threads_take_every_turn_once(int helpers)
    {
        using ThreadTeam team = new(helpers);
        OnThreads(6, seed =>
        {
            Random random = new(seed);
            for (int loop = 0; loop < 2000; loop++)
            {
                int count = random.Next(1, 40);
                long sum = 0;
                int[] turns = new int[count];
                team.Run(count, i =>
                {
                    turns[i]++;
                    Interlocked.Add(ref sum, i);
                });
                Assert.All(turns, taken => Assert.Equal(1, taken));
                Assert.Equal((long)count * (count - 1) / 2, sum);
            }
        });
    }

    [Fact]
    public void Loops_within_loops_end_whoever_starts_them()
    {
        using ThreadTeam team = new(2);
        OnThreads(4, _ =>
        {
            for (int loop = 0; loop < 50; loop++)
            {
                int turns = 0;
                team.Run(4, _ => team.Run(5, _ => team.Run(6, _ => Interlocked.Increment(ref turns))));
                Assert.Equal(4 * 5 * 6, turns);
            }
        });
    }

    [Fact]
    public void Two_loops_at_a_time_are_both_helped()
    {
        using ThreadTeam team = new(2);
        using Barrier all = new(4);
        // Each loop's two turns wait for all four threads: only a team that helps both callers gets through.
        OnThreads(2, _ => team.Run(2, _ => Assert.True(all.SignalAndWait(Patience))));
    }

    [Fact]
    public void An_exception_of_the_body_reaches_the_caller_as_it_is_and_the_team_goes_on()
    {
        using ThreadTeam team = new(2);
        for (int loop = 0; loop < 200; loop++)
        {
            int bad = loop % 7;
            InvalidDataException error = Assert.Throws<InvalidDataException>(() => team.Run(7, i =>
            {
                if (i == bad)
                    throw new InvalidDataException($"turn {i}");
            }));
            Assert.Equal($"turn {bad}", error.Message);
            int turns = 0;
            team.Run(7, _ => Interlocked.Increment(ref turns));
            Assert.Equal(7, turns);
        }
    }

    [Fact]
    public void Helpers_are_not_of_the_thread_pool_and_end_with_the_team()
    {
        ConcurrentDictionary<Thread, bool> seen = [];
        ThreadTeam team = new(3);
        using (Barrier all = new(4))
        {
            team.Run(4, _ =>
            {
                seen[Thread.CurrentThread] = Thread.CurrentThread.IsThreadPoolThread;
                Assert.True(all.SignalAndWait(Patience));
            });
        }

        seen.TryRemove(Thread.CurrentThread, out _);
        Assert.Equal(3, seen.Count);
        Assert.All(seen, thread => Assert.False(thread.Value));
        team.Dispose();
        Assert.All(seen.Keys, thread => Assert.True(thread.Join(Patience)));
    }

    [Fact]
    public void A_team_that_has_ended_still_gives_results()
    {
        ThreadTeam team = new(2);
        team.Dispose();
        int turns = 0;
        team.Run(9, _ => Interlocked.Increment(ref turns));
        Assert.Equal(9, turns);
    }

    /// <summary>Runs the same on several threads, and throws what one of them threw.</summary>
    internal static void OnThreads(int count, Action<int> work)
    {
        ConcurrentQueue<Exception> errors = [];
        Thread[] threads =
        [
            .. Enumerable.Range(0, count).Select(i => new Thread(() =>
            {
                try
                {
                    work(i);
                }
                catch (Exception exception)
                {
                    errors.Enqueue(exception);
                }
            })
            { IsBackground = true }),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(Patience), $"A thread has not ended after {Patience}."));
        Assert.Empty(errors);
    }
}
