namespace MaskRcnn.Silo.Settings;

/// <summary>How a silo leaves when it is told to end: see docs/cluster.md.</summary>
public sealed record DrainSettings
{
    /// <summary>How long its workers may take to finish or cut what they have begun, seconds, 1 to 3600; default 30. What ends the process by force must wait longer.</summary>
    public double GraceSeconds { get; init; } = 30;
}
