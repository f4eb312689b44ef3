namespace MaskRcnn.Grains.Jobs;

/// <summary>How long what is known of a job that has ended is kept.</summary>
public sealed record RetentionOptions
{
    /// <summary>How long it is listed; then it is opened by its folder. Default 30 days.</summary>
    public TimeSpan State { get; init; } = TimeSpan.FromDays(30);
}
