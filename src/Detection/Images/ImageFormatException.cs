namespace MaskRcnn.Detection.Images;

/// <summary>Bytes that are not an image which can be decoded. The message names the image, the finding and what to do.</summary>
public sealed class ImageFormatException : Exception
{
    /// <summary>An image that cannot be decoded.</summary>
    /// <param name="name">The image, as its user knows it.</param>
    /// <param name="format">What its first bytes say it is; null when they say nothing.</param>
    /// <param name="problem">The kind of problem, for programs.</param>
    /// <param name="reason">What was found and what was expected, without the name.</param>
    /// <param name="innerException">What the decoder said.</param>
    public ImageFormatException(string name, ImageFormat? format, ImageProblem problem, string reason, Exception? innerException = null)
        : base($"{name}: {reason}", innerException)
    {
        Name = name;
        Format = format;
        Problem = problem;
        Reason = reason;
    }

    /// <summary>The image, as its user knows it: a path or a name.</summary>
    public string Name { get; }

    /// <summary>What the first bytes say it is; null when they say nothing.</summary>
    public ImageFormat? Format { get; }

    /// <summary>The kind of problem, for programs.</summary>
    public ImageProblem Problem { get; }

    /// <summary>What was found and what was expected, without the name.</summary>
    public string Reason { get; }
}
