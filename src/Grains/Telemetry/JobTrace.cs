using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Telemetry;

/// <summary>
/// A job's trace. Its root, the span <c>job</c>, is its submission; <c>job.json</c> carries it to every silo, and what the silos do for the
/// job is below it. A job that was submitted while nobody traced has a trace whose id is made of the job's.
/// </summary>
internal static class JobTrace
{
    /// <summary>The submission; null while nobody traces.</summary>
    public static Activity? Begin() => Instrumentation.Source.StartActivity("job", ActivityKind.Server, default(ActivityContext));

    /// <summary>What the submission has come to.</summary>
    /// <param name="submission">What <see cref="Begin"/> returned.</param>
    /// <param name="job">The job.</param>
    /// <param name="existed">Whether the job was there already: then its first submission is its root.</param>
    public static void Submitted(Activity? submission, JobDocument job, bool existed) =>
        submission?.SetTag("maskrcnn.job", job.Job).SetTag("maskrcnn.job.name", job.Name).SetTag("maskrcnn.job.existed", existed);

    /// <summary>The span that everything of a job is below.</summary>
    public static ActivityContext Root(JobDocument job)
    {
        if (ActivityContext.TryParse(job.Trace, null, isRemote: true, out ActivityContext root)) return root;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(job.Job));
        return new ActivityContext(ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)), ActivitySpanId.CreateFromBytes(hash.AsSpan(16, 8)), ActivityTraceFlags.Recorded, isRemote: true);
    }

    /// <summary>A part of a job's work on the calling thread, until it is disposed of; null while nobody traces.</summary>
    public static Activity? Step(string name, JobDocument job) => Instrumentation.Source.HasListeners()
        ? Instrumentation.Source.StartActivity(name, ActivityKind.Internal, Root(job))?.SetTag("maskrcnn.job", job.Job)
        : null;

    /// <summary>A job has ended: the span from its submission until now.</summary>
    public static void Ended(JobDocument job, JobState state, DateTimeOffset finished, ImageCounts images)
    {
        if (!Instrumentation.Source.HasListeners()) return;
        using Activity? span = Instrumentation.Source.StartActivity("job run", ActivityKind.Internal, Root(job), startTime: job.Created);
        span?.SetTag("maskrcnn.job", job.Job).SetTag("maskrcnn.job.state", state.ToString()).SetTag("maskrcnn.images.done", images.Done).SetTag("maskrcnn.images.failed", images.Failed)
            .SetStatus(state == JobState.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset).SetEndTime(finished.UtcDateTime);
    }
}
