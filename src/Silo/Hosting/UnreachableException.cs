namespace MaskRcnn.Silo.Hosting;

/// <summary>A service that a silo cannot start without was not reached. The message names it and has no secret.</summary>
/// <param name="message">What, and why.</param>
/// <param name="innerException">The cause.</param>
public sealed class UnreachableException(string message, Exception? innerException = null) : Exception(message, innerException);
