namespace MaskRcnn.Detection.Configuration;

/// <summary>A configuration that cannot be: the message lists every problem.</summary>
public sealed class ModelConfigurationException : FormatException
{
    /// <summary>Problems of a configuration.</summary>
    /// <param name="problems">Each names the setting, its value and what was expected.</param>
    public ModelConfigurationException(IReadOnlyList<string> problems)
        : base("The configuration is not valid: " + string.Join("; ", problems ?? throw new ArgumentNullException(nameof(problems))) + ".") => Problems = problems;

    /// <inheritdoc/>
    public ModelConfigurationException(string message) : base(message) { }

    /// <inheritdoc/>
    public ModelConfigurationException(string message, Exception innerException) : base(message, innerException) { }

    /// <inheritdoc/>
    public ModelConfigurationException() { }

    /// <summary>The problems, one by one.</summary>
    public IReadOnlyList<string> Problems { get; } = [];
}
