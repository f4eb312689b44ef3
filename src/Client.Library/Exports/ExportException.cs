namespace MaskRcnn.Client.Exports;

/// <summary>A result cannot be exported in a format, or not under the names of its images.</summary>
/// <param name="message">What cannot be exported, and what can be done.</param>
public sealed class ExportException(string message) : Exception(message);
