namespace MaskRcnn.Detection.Weights;

/// <summary>A weight file that cannot be read: the message names the file, what was found, and what to do.</summary>
public sealed class WeightFileException : FormatException
{
    /// <summary>An error in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What was found and what was expected.</param>
    /// <param name="innerException">The cause, or null.</param>
    public WeightFileException(string path, string problem, Exception? innerException = null) : base($"{path}: {WeightText.Printable(problem)}", innerException) =>
        Path = path;

    /// <inheritdoc/>
    public WeightFileException(string message) : base(message) { }

    /// <inheritdoc/>
    public WeightFileException(string message, Exception innerException) : base(message, innerException) { }

    /// <inheritdoc/>
    public WeightFileException() { }

    /// <summary>The file, or null.</summary>
    public string? Path { get; }
}
