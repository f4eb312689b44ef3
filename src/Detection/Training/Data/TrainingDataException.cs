namespace MaskRcnn.Detection.Training.Data;

/// <summary>A data set that cannot be trained on: the message names the file or folder, what was found and what was expected.</summary>
public sealed class TrainingDataException : Exception
{
    /// <inheritdoc/>
    public TrainingDataException() { }

    /// <inheritdoc/>
    public TrainingDataException(string message) : base(message) { }

    /// <inheritdoc/>
    public TrainingDataException(string message, Exception innerException) : base(message, innerException) { }
}
