namespace MaskRcnn.Transport;

/// <summary>Certificates or their key cannot be used.</summary>
/// <param name="problems">Everything that is wrong.</param>
public sealed class TlsFilesException(IReadOnlyList<TlsProblem> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<TlsProblem> Problems { get; } = problems;
}
