namespace MaskRcnn.Detection.Native;

/// <summary>A device that was asked for cannot be used.</summary>
/// <param name="device">The name that was asked for.</param>
/// <param name="message">Why, and what to do.</param>
public sealed class ComputeDeviceException(string device, string message) : Exception(message)
{
    /// <summary>The name that was asked for.</summary>
    public string Device { get; } = device;
}
