namespace MaskRcnn.Silo.Settings;

/// <summary>What is wrong with a setting.</summary>
/// <param name="Key">The setting, such as <c>Redis:Endpoints</c>.</param>
/// <param name="Value">Its value as it may be shown; null: none was given.</param>
/// <param name="Expected">What would be right, and what to do.</param>
public sealed record SettingsMistake(string Key, string? Value, string Expected)
{
    /// <inheritdoc/>
    public override string ToString() => Value is null ? $"{Key} is not given; expected {Expected}." : $"{Key} is '{Value}'; expected {Expected}.";
}
