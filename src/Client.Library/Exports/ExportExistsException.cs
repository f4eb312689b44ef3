namespace MaskRcnn.Client.Exports;

/// <summary>Where the export goes there is something else already.</summary>
/// <param name="file">The file that is there.</param>
/// <param name="message">What it is, and what can be done.</param>
public sealed class ExportExistsException(string file, string message) : Exception(message)
{
    /// <summary>The file that is there, without secrets.</summary>
    public string File { get; } = file;
}
