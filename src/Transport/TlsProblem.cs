namespace MaskRcnn.Transport;

/// <summary>What is wrong with a file.</summary>
/// <param name="File">Which: <c>CaFile</c>, <c>CertificateFile</c> or <c>KeyFile</c>.</param>
/// <param name="Path">Where it is; null: it was not given.</param>
/// <param name="Found">What was found, as what follows "it".</param>
/// <param name="Expected">What would be right, and what to do.</param>
public sealed record TlsProblem(string File, string? Path, string Found, string Expected)
{
    /// <inheritdoc/>
    public override string ToString() => Path is null ? $"{File} {Found}; expected {Expected}." : $"{File} '{Path}' {Found}; expected {Expected}.";
}
