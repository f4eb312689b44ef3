using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MaskRcnn.Transport.Certificates;

/// <summary>The files' text as it was at one time. A class, so that nothing prints the key as part of a record.</summary>
internal sealed class CertificateFiles
{
    /// <summary>Certificates are a few KB; a file that is larger is something else.</summary>
    private const int MostBytes = 1 << 20;

    private CertificateFiles(TlsFiles files, string ca, string certificate, string key, bool isKeyPublic) =>
        (Files, Ca, Certificate, Key, IsKeyPublic) = (files, ca, certificate, key, isKeyPublic);

    public TlsFiles Files { get; }

    public string Ca { get; }

    public string Certificate { get; }

    public string Key { get; }

    /// <summary>Whether every user of the machine may read the key.</summary>
    public bool IsKeyPublic { get; }

    /// <summary>What tells one content from another.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Ca}\0{Certificate}\0{Key}")));

    /// <summary>Reads them.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <returns>Null: not all of them could be read.</returns>
    public static CertificateFiles? Read(TlsFiles files, List<TlsProblem> problems)
    {
        bool isKeyPublic = false;
        bool hasCa = TryRead("CaFile", files.CaFile, problems, out string? ca, out _);
        bool hasCertificate = TryRead("CertificateFile", files.CertificateFile, problems, out string? certificate, out _);
        bool hasKey = TryRead("KeyFile", files.KeyFile, problems, out string? key, out isKeyPublic);
        return hasCa && hasCertificate && hasKey ? new CertificateFiles(files, ca!, certificate!, key!, isKeyPublic) : null;
    }

    private static bool TryRead(string name, string path, List<TlsProblem> problems, [NotNullWhen(true)] out string? text, out bool isPublic)
    {
        (text, isPublic) = (null, false);
        if (string.IsNullOrWhiteSpace(path))
        {
            problems.Add(new TlsProblem(name, null, "is not given", "CaFile, CertificateFile and KeyFile together, all PEM"));
            return false;
        }
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!OperatingSystem.IsWindows()) isPublic = File.GetUnixFileMode(stream.SafeFileHandle).HasFlag(UnixFileMode.OtherRead);
            if (stream.Length <= MostBytes)
            {
                byte[] bytes = new byte[stream.Length];
                // What is written meanwhile is seen by the next look.
                text = Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
                return true;
            }
            problems.Add(new TlsProblem(name, path, $"has more than {MostBytes} bytes", "a PEM file of a few KB"));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new TlsProblem(name, path, "is not there", "a PEM file; docs/security.md says how to make one"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(new TlsProblem(name, path, $"cannot be read ({exception.Message.TrimEnd('.')})", "a PEM file that this process's user may read"));
        }
        return false;
    }
}
