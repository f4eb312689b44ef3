using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Tests.Jobs;

public sealed class JobLifeCycleTests
{
    private readonly JobLifeCycle _job = new("j");

    [Fact]
    public void A_job_goes_through_its_states()
    {
        Assert.Equal(JobState.Created, _job.State);
        _job.ListingBegan();
        Assert.Equal(JobState.Listing, _job.State);
        _job.ListingEnded();
        _job.ListingEnded();
        Assert.Equal(JobState.Running, _job.State);
        _job.AllCommitted();
        Assert.Equal(JobState.Reducing, _job.State);
        Assert.False(_job.HandsOutWork);
        _job.End(JobState.Succeeded);
        _job.End(JobState.Succeeded);
        Assert.Equal(JobState.Succeeded, _job.State);
        _job.RequireEnded();
    }

    [Fact]
    public void Listing_goes_on_below_a_pause()
    {
        _job.ListingBegan();
        Assert.True(_job.HandsOutWork);
        _job.Pause();
        _job.Pause();
        Assert.Equal((JobState.Paused, false), (_job.State, _job.HandsOutWork));
        _job.ListingEnded();
        Assert.Equal(JobState.Paused, _job.State);
        _job.Resume();
        _job.Resume();
        Assert.Equal(JobState.Running, _job.State);
    }

    [Fact]
    public void A_paused_job_of_which_all_is_done_is_reduced_when_it_is_resumed()
    {
        _job.ListingEnded();
        _job.Pause();
        _job.AllCommitted();
        Assert.Equal(JobState.Paused, _job.State);
        _job.Resume();
        Assert.Equal(JobState.Reducing, _job.State);
        Assert.Throws<JobStateException>(_job.Pause);
    }

    [Theory]
    [InlineData(JobState.Succeeded)]
    [InlineData(JobState.CompletedWithErrors)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Cancelled)]
    public void Of_an_ended_job_nothing_changes(JobState end)
    {
        var job = new JobLifeCycle("j", paused: true, end);
        Assert.Equal(end, job.State);
        Assert.Equal(end, Assert.Throws<JobStateException>(job.Pause).State);
        Assert.Throws<JobStateException>(job.Resume);
        Assert.Throws<JobStateException>(() => job.End(end == JobState.Failed ? JobState.Cancelled : JobState.Failed));
        if (end == JobState.Cancelled) Assert.False(job.CanCancel());
        else Assert.Throws<JobStateException>(() => job.CanCancel());
    }

    [Fact]
    public void Only_what_was_reduced_succeeds_and_all_else_may_fail_or_be_cancelled()
    {
        Assert.Throws<JobStateException>(() => _job.End(JobState.Succeeded));
        Assert.Throws<JobStateException>(_job.RequireEnded);
        Assert.Throws<InvalidOperationException>(_job.AllCommitted);
        Assert.Throws<ArgumentOutOfRangeException>(() => _job.End(JobState.Running));
        Assert.Throws<ArgumentOutOfRangeException>(() => new JobLifeCycle("j", end: JobState.Paused));
        Assert.True(_job.CanCancel());
        _job.End(JobState.Cancelled);
        Assert.Equal(JobState.Cancelled, _job.State);
    }

    [Fact]
    public void A_job_may_be_paused_before_it_begins()
    {
        _job.Pause();
        _job.ListingBegan();
        Assert.True(_job.IsPaused);
        _job.Resume();
        Assert.Equal(JobState.Listing, _job.State);
    }
}
