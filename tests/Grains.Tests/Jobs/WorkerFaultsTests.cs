using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Tests.Jobs;

public sealed class WorkerFaultsTests
{
    [Fact]
    public void A_job_gives_up_when_it_happens_again_and_again_and_nobody_has_finished_an_image()
    {
        var faults = new WorkerFaults();
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(_ => faults.Add(isPermanent: false, anyDone: false)));
    }

    [Fact]
    public void A_broken_worker_does_not_end_a_job_that_others_work_on()
    {
        var faults = new WorkerFaults();
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(faults.Add(isPermanent: false, anyDone: true)));
    }

    [Fact]
    public void What_every_worker_would_meet_ends_it_at_once() => Assert.True(new WorkerFaults().Add(isPermanent: true, anyDone: true));
}
