using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>The process that a worker lives in, and may have to end.</summary>
public interface IWorkerProcess
{
    /// <summary>Ends the process at once: an image is over its time budget, or the device has failed for good.</summary>
    /// <param name="reason">Why, for the log.</param>
    void End(string reason);
}

/// <summary>This process.</summary>
internal sealed partial class ThisProcess(ILogger<ThisProcess> logger) : IWorkerProcess
{
    public void End(string reason)
    {
        LogEnding(reason);
        // Nothing is flushed or disposed of: a native call may never return.
        System.Diagnostics.Process.GetCurrentProcess().Kill();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "This worker ends its process: {Reason}")]
    private partial void LogEnding(string reason);
}
