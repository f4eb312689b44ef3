using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Transport;
using MaskRcnn.Transport.Certificates;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Silo.Doctor;

/// <summary>Whether the files of TLS can be read, fit together, are a silo's, and last.</summary>
internal static class CertificateCheck
{
    private const string Name = "tls";

    /// <summary>Time to do something about it.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(7);

    public static IReadOnlyList<Finding> Run(SiloSettings settings, TimeProvider time)
    {
        if (settings.Tls.Files is not { } files)
        {
            return settings.Endpoints.PrivateNetwork
                ? [new Finding(Name, Verdict.Warning, "There are no certificates: whoever reaches the silo's ports can do everything. Endpoints:PrivateNetwork says that only this cluster does.", "See to it that the network is closed, or give certificates: docs/security.md.")]
                : [new Finding(Name, Verdict.Ok, "There are no certificates, and the silo listens on this machine alone.")];
        }
        var said = new Listener();
        try
        {
            using var source = CertificateSource.Open(files, TlsRole.Silo, time, said);
            using X509Certificate2 own = X509Certificate2.CreateFromPem(File.ReadAllText(files.CertificateFile));
            TimeSpan left = own.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime;
            string seen = string.Create(CultureInfo.InvariantCulture, $"{files.CertificateFile} is a silo's, fits its key and authority, and ends in {left.TotalDays:0.0} days.");
            return
            [
                left > Soon ? new Finding(Name, Verdict.Ok, seen) : new Finding(Name, Verdict.Warning, seen, "Replace it and its key; no restart is needed."),
                .. said.Warnings.Select(warning => new Finding(Name, Verdict.Warning, warning, "Do what it says; no restart is needed.")),
            ];
        }
        catch (TlsFilesException exception)
        {
            return [new Finding(Name, Verdict.Failed, exception.Message, "docs/security.md says what the files must be and how to make them.")];
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
        {
            // Replaced in this moment.
            return [new Finding(Name, Verdict.Warning, $"{files.CertificateFile} could not be read again: {exception.Message}", "Run this once more.")];
        }
    }

    private sealed class Listener : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Warnings.Add(formatter(state, exception));
        }
    }
}
