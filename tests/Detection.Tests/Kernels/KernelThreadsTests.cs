using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Tests.Inference;

namespace MaskRcnn.Detection.Tests.Kernels;

[Collection(nameof(ThreadCounts))]
public sealed class KernelThreadsTests
{
    [Fact]
    public void The_number_of_threads_may_change_while_loops_run()
    {
        int before = KernelThreads.Count;
        bool changing = true;
        try
        {
            ThreadTeamTests.OnThreads(4, thread =>
            {
                if (thread == 0)
                {
                    for (int change = 0; change < 300; change++)
                        KernelThreads.Count = 1 + change % 4;
                    Volatile.Write(ref changing, false);
                    return;
                }

                while (Volatile.Read(ref changing))
                {
                    int sum = 0;
                    KernelThreads.For(20, i => Interlocked.Add(ref sum, i));
                    Assert.Equal(190, sum);
                }
            });
        }
        finally
        {
            KernelThreads.Count = before;
        }
    }

    [Fact]
    public void As_many_threads_take_part_as_were_asked_for()
    {
        int before = KernelThreads.Count;
        try
        {
            foreach (int threads in new[] { 3, 1, 2 })
            {
                KernelThreads.Count = threads;
                using Barrier all = new(threads);
                KernelThreads.For(threads, _ => Assert.True(all.SignalAndWait(TimeSpan.FromSeconds(60))));
            }

            Assert.Throws<ArgumentOutOfRangeException>(() => KernelThreads.Count = 0);
        }
        finally
        {
            KernelThreads.Count = before;
        }
    }
}
