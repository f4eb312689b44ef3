namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// The job's result cannot be made of what the store holds: trying again does not help. The message names the blob.
/// Failures of the store itself stay <see cref="IOException"/>s; after those the reduction may be run again.
/// </summary>
internal sealed class ReductionException(string message, Exception? innerException = null) : Exception(message, innerException);
