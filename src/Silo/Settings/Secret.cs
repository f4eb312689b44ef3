namespace MaskRcnn.Silo.Settings;

/// <summary>A setting that is shown nowhere: no log, message or <c>ToString</c> has it.</summary>
/// <param name="value">The secret.</param>
public sealed class Secret(string value)
{
    /// <summary>What stands for a secret where it would be shown.</summary>
    public const string Hidden = "(not shown)";

    /// <summary>The secret itself.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => Hidden;
}
