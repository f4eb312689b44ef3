using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Jobs;

internal sealed partial class JobGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} has ended: {State}, {Done} images done, {Failed} failed ({Reason})")]
    private partial void LogEnded(string job, JobState state, long done, long failed, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}: a step failed; it is tried again")]
    private partial void LogStepFailed(string job, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} has ended, and its grain state could not be cleared")]
    private partial void LogNotForgotten(string job, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}: another activation has written its state; this one ends")]
    private partial void LogOtherActivation(string job);
}
