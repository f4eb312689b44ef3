namespace MaskRcnn.Detection.Native;

/// <summary>libtorch or TorchSharp's native library cannot be loaded.</summary>
/// <param name="message">Which file and why.</param>
/// <param name="inner">What the loader said.</param>
public sealed class TorchLibraryException(string message, Exception? inner) : Exception(message, inner);
