namespace MaskRcnn.Detection.Prediction;

/// <summary>An image that the model's device has not enough memory for, even alone.</summary>
public sealed class OutOfDeviceMemoryException : Exception
{
    /// <summary>Names the image and its size.</summary>
    /// <param name="name">The image.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="inner">What the model said.</param>
    public OutOfDeviceMemoryException(string name, int width, int height, Exception inner)
        : base($"{name}: the device has not enough memory for this image of {width}×{height} pixels, even alone in the model; expected one that fits. Lower the model's sizes (--min-size, --max-size) or use a device with more memory.", inner) =>
        (Name, Width, Height) = (name, width, height);

    /// <summary>The image.</summary>
    public string Name { get; }

    /// <summary>Its width in pixels.</summary>
    public int Width { get; }

    /// <summary>Its height in pixels.</summary>
    public int Height { get; }

    /// <summary>Whether an error says that memory ran out: .NET's own, or libtorch's for CUDA and the CPU, which are known by their text alone.</summary>
    internal static bool IsCauseOf(Exception error) =>
        error is OutOfMemoryException
        || error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)
        || (error.InnerException is { } inner && IsCauseOf(inner));
}
