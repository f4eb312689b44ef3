namespace MaskRcnn.Grains.Jobs;

/// <summary>
/// The states of a job and what leads from one to the next. A pause lies over the others: beneath it listing goes on, and a resumed job is
/// where it would be without. What happened already may be told again and changes nothing.
/// </summary>
public sealed class JobLifeCycle
{
    private readonly string _job;
    private bool _started, _listed, _committed, _paused, _reducing;
    private JobState? _end;

    /// <summary>A job that is written down, or one that is found again.</summary>
    /// <param name="job">Its id, for errors.</param>
    /// <param name="paused">Whether it was paused.</param>
    /// <param name="end">How it ended; null: it has not.</param>
    public JobLifeCycle(string job, bool paused = false, JobState? end = null)
    {
        if (end is { } state && !state.IsFinal()) throw new ArgumentOutOfRangeException(nameof(end), end, "This is no end; expected a final state.");
        (_job, _paused, _end) = (job, paused, end);
    }

    /// <summary>Where it stands.</summary>
    public JobState State => _end ?? (_reducing ? JobState.Reducing
        : _paused ? JobState.Paused
        : _listed ? JobState.Running
        : _started ? JobState.Listing
        : JobState.Created);

    /// <summary>Whether shards may be handed out.</summary>
    public bool HandsOutWork => State is JobState.Listing or JobState.Running;

    /// <summary>Whether it is paused, also while nothing has begun.</summary>
    public bool IsPaused => State == JobState.Paused;

    /// <summary>The lister was started.</summary>
    public void ListingBegan() => _started = true;

    /// <summary>Everything is listed.</summary>
    public void ListingEnded() => _started = _listed = true;

    /// <summary>Every shard has its commit record. A job that is not paused is being reduced from now on; a paused one when it is resumed.</summary>
    /// <exception cref="InvalidOperationException">The listing goes on.</exception>
    public void AllCommitted()
    {
        if (!_listed) throw new InvalidOperationException($"Job '{_job}' is {State} and not listed yet; expected that before all its shards are committed.");
        _committed = true;
        _reducing |= !_paused;
    }

    /// <summary>Pauses it. Of a paused job nothing changes.</summary>
    /// <exception cref="JobStateException">It has ended, or has no more shards to hand out.</exception>
    public void Pause()
    {
        RequirePausable();
        _paused = true;
    }

    /// <summary>Refuses what <see cref="Pause"/> would refuse.</summary>
    /// <inheritdoc cref="Pause"/>
    public void RequirePausable()
    {
        RefuseEnded("it cannot be paused any more");
        if (_reducing) throw new JobStateException(_job, State, "it cannot be paused, as every image is done and the result is being written. Wait for its end, or cancel it");
    }

    /// <summary>Goes on. Of a job that is not paused nothing changes.</summary>
    /// <exception cref="JobStateException">It has ended.</exception>
    public void Resume()
    {
        RequireResumable();
        _paused = false;
        _reducing |= _committed;
    }

    /// <summary>Refuses what <see cref="Resume"/> would refuse.</summary>
    /// <inheritdoc cref="Resume"/>
    public void RequireResumable() => RefuseEnded("it cannot be resumed any more. Submit it again under another name");

    /// <summary>Whether it can be cancelled: true; false when it is cancelled already.</summary>
    /// <exception cref="JobStateException">It has ended otherwise.</exception>
    public bool CanCancel()
    {
        if (_end == JobState.Cancelled) return false;
        RefuseEnded("it cannot be cancelled any more");
        return true;
    }

    /// <summary>It has ended, by <c>end.json</c>, which decides between an end and a cancellation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">This is no final state.</exception>
    /// <exception cref="JobStateException">It has ended otherwise, or cannot succeed before it was reduced.</exception>
    public void End(JobState end)
    {
        if (!end.IsFinal()) throw new ArgumentOutOfRangeException(nameof(end), end, "This is no end; expected a final state.");
        if (_end == end) return;
        RefuseEnded($"it cannot end as {end}, too");
        if (end is JobState.Succeeded or JobState.CompletedWithErrors && !_reducing) throw new JobStateException(_job, State, $"it cannot end as {end} before its result is written");
        _end = end;
    }

    /// <summary>Refuses what is only done to jobs that have ended.</summary>
    /// <exception cref="JobStateException">It has not ended.</exception>
    public void RequireEnded()
    {
        if (_end is null) throw new JobStateException(_job, State, $"it can be deleted when it has ended. Cancel it first with 'maskrcnn job cancel {_job}'");
    }

    private void RefuseEnded(string wanted)
    {
        if (_end is { } end) throw new JobStateException(_job, end, wanted);
    }
}
