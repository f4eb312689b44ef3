namespace MaskRcnn.Detection.Training.Loading;

/// <summary>An image could not be made part of a batch. The message names step, image and file.</summary>
public sealed class TrainingLoadException : Exception
{
    /// <summary>A failure of an image.</summary>
    /// <param name="step">The step whose batch it was for.</param>
    /// <param name="imageId">The image's id.</param>
    /// <param name="fileName">Its file, as the data set names it.</param>
    /// <param name="innerException">What happened.</param>
    public TrainingLoadException(long step, long imageId, string fileName, Exception innerException)
        : base($"Step {step}: image {imageId} ({fileName}) cannot be loaded: {(innerException ?? throw new ArgumentNullException(nameof(innerException))).Message}", innerException)
    {
        Step = step;
        ImageId = imageId;
        FileName = fileName;
    }

    /// <inheritdoc/>
    public TrainingLoadException() { }

    /// <inheritdoc/>
    public TrainingLoadException(string message) : base(message) { }

    /// <inheritdoc/>
    public TrainingLoadException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The step whose batch the image was for.</summary>
    public long Step { get; }

    /// <summary>The image's id.</summary>
    public long ImageId { get; }

    /// <summary>The image's file, as the data set names it.</summary>
    public string FileName { get; } = "";
}
