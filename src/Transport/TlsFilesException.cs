namespace MaskRcnn.Transport;

/// <summary>Certificates or their key cannot be used.</summary>
/// <param name="problems">Everything that is wrong, a sentence each.</param>
public sealed class TlsFilesException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>Everything that is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
