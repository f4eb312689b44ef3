namespace MaskRcnn.Detection.Weights.Layout;

/// <summary>Weights that are not those of a model; the message names the first differences, <see cref="Differences"/> has all.</summary>
public sealed class StateDictMismatchException : FormatException
{
    /// <summary>Weights that do not fit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="differences">Every difference.</param>
    public StateDictMismatchException(string path, string model, StateDictDifferences differences) : base($"{path} does not fit {model}: {WeightText.Printable($"{differences}")}") =>
        (Path, Differences) = (path, differences);

    /// <inheritdoc/>
    public StateDictMismatchException(string message) : base(message) { }

    /// <inheritdoc/>
    public StateDictMismatchException(string message, Exception innerException) : base(message, innerException) { }

    /// <inheritdoc/>
    public StateDictMismatchException() { }

    /// <summary>The file, or null.</summary>
    public string? Path { get; }

    /// <summary>Every difference, or null.</summary>
    public StateDictDifferences? Differences { get; }
}
