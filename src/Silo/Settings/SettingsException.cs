namespace MaskRcnn.Silo.Settings;

/// <summary>Settings that cannot be; the message has every mistake, one a line.</summary>
/// <param name="mistakes">At least one.</param>
public sealed class SettingsException(IReadOnlyList<SettingsMistake> mistakes)
    : Exception($"{mistakes.Count} of the settings cannot be:{string.Concat(mistakes.Select(mistake => $"{Environment.NewLine}  {mistake}"))}")
{
    /// <summary>Every mistake.</summary>
    public IReadOnlyList<SettingsMistake> Mistakes { get; } = mistakes;
}
