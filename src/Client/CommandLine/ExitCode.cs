namespace MaskRcnn.Client.CommandLine;

/// <summary>What the process tells its caller; the same for every command.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    public const int Error = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Cancelled or timed out.</summary>
    public const int Cancelled = 3;

    /// <summary>Some of the work did not succeed.</summary>
    public const int Partial = 5;

    /// <summary>A required score was not reached.</summary>
    public const int BelowScore = 6;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
