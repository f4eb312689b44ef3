namespace MaskRcnn.Coco.Datasets;

/// <summary>
/// A data set or one of its files whose content cannot be worked with: the message names the file or image, what
/// was found and what was expected.
/// </summary>
public sealed class DatasetContentException : FormatException
{
    /// <summary>An error in a file.</summary>
    /// <param name="file">The file's path or name.</param>
    /// <param name="found">What was found, with the annotation's or image's id where there is one.</param>
    /// <param name="expected">What was expected.</param>
    public DatasetContentException(string file, string found, string expected) : base($"{file}: {found}; expected {expected}.") => File = file;

    /// <summary>An error in a file, found by another error.</summary>
    /// <param name="file">The file's path or name.</param>
    /// <param name="found">What was found.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="innerException">The cause.</param>
    public DatasetContentException(string file, string found, string expected, Exception innerException)
        : base($"{file}: {found}; expected {expected}.", innerException) => File = file;

    /// <inheritdoc/>
    public DatasetContentException(string message) : base(message) { }

    /// <inheritdoc/>
    public DatasetContentException(string message, Exception innerException) : base(message, innerException) { }

    /// <inheritdoc/>
    public DatasetContentException() { }

    /// <summary>The file's path or name, or null.</summary>
    public string? File { get; }
}
