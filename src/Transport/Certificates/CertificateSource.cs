using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MaskRcnn.Transport.Certificates;

/// <summary>
/// A process's certificate and its authorities, as they are now. The files are read again every few seconds; when they were
/// replaced, connections that are made from then on use the new ones. Files that do not fit together, as while they are being
/// replaced, change nothing.
/// </summary>
public sealed partial class CertificateSource : IDisposable
{
    /// <summary>
    /// How often the files are read. They are small, and reading them also sees what watching does not: Kubernetes replaces
    /// a folder of links, and network file systems tell nobody.
    /// </summary>
    internal static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>From which part of its life on a certificate should have been replaced.</summary>
    private const double LateInLife = .9;

    private static readonly TimeSpan BetweenReminders = TimeSpan.FromHours(1);

    private readonly TlsFiles _files;
    private readonly TlsRole _role;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _looking = new();
    private string _refused = "";
    private long? _reminded;
    private volatile OwnCertificate _current;

    private CertificateSource(TlsFiles files, TlsRole role, TimeProvider time, ILogger logger, OwnCertificate first)
    {
        (_files, _role, Time, _logger, _current) = (files, role, time, logger, first);
        LogUsing(first);
        foreach (string warning in first.Warnings) LogWarning(warning);
        _timer = time.CreateTimer(_ => Look(), null, BetweenLooks, BetweenLooks);
    }

    internal OwnCertificate Current => _current;

    internal TimeProvider Time { get; }

    /// <summary>Reads the files.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="role">What the process is.</param>
    /// <param name="time">The clock; null for the machine's.</param>
    /// <param name="logger">Is told of changes; null: nobody.</param>
    /// <exception cref="TlsFilesException">They cannot be used; every problem is named.</exception>
    public static CertificateSource Open(TlsFiles files, TlsRole role, TimeProvider? time = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        time ??= TimeProvider.System;
        var problems = new List<TlsProblem>();
        OwnCertificate? first = CertificateFiles.Read(files, problems) is { } content ? OwnCertificate.Load(content, role, time.GetUtcNow(), problems) : null;
        return first is null ? throw new TlsFilesException(problems) : new CertificateSource(files, role, time, logger ?? NullLogger.Instance, first);
    }

    /// <summary>Stops looking at the files.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>Reads the files again and takes them over if they have changed and are good.</summary>
    internal void Look()
    {
        // Two looks at once, as on a machine that was asleep, would only do the same.
        if (!_looking.TryEnter()) return;
        try
        {
            var problems = new List<TlsProblem>();
            CertificateFiles? content = CertificateFiles.Read(_files, problems);
            if (content is null || content.Fingerprint != _current.Fingerprint) TakeOver(content, problems);
            else _refused = "";
            Remind();
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void TakeOver(CertificateFiles? content, List<TlsProblem> problems)
    {
        if (content is not null && OwnCertificate.Load(content, _role, Time.GetUtcNow(), problems) is { } next)
        {
            (_current, _refused, _reminded) = (next, "", null);
            LogReplaced(next);
            foreach (string warning in next.Warnings) LogWarning(warning);
            return;
        }
        string refused = string.Join(" ", problems);
        if (refused == _refused) return;
        _refused = refused;
        LogKept(refused, _current);
    }

    private void Remind()
    {
        DateTimeOffset now = Time.GetUtcNow(), begins = new(_current.Certificate.NotBefore);
        if (now < begins + LateInLife * (_current.Ends - begins)) return;
        if (_reminded is { } last && Time.GetElapsedTime(last) < BetweenReminders) return;
        _reminded = Time.GetTimestamp();
        if (now < _current.Ends) LogEndsSoon(_current, _files.CertificateFile);
        else LogHasEnded(_current, _files.CertificateFile);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "TLS uses the certificate {Certificate}.")]
    private partial void LogUsing(OwnCertificate certificate);

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate files were replaced; new connections use {Certificate}.")]
    private partial void LogReplaced(OwnCertificate certificate);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate files have changed and cannot be used yet: {Problems} Until they can, {Certificate} stays in use.")]
    private partial void LogKept(string problems, OwnCertificate certificate);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate {Certificate} is near its end; replace {File} and its key. No restart is needed.")]
    private partial void LogEndsSoon(OwnCertificate certificate, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificate {Certificate} has expired: new connections are refused by everybody. Replace {File} and its key; no restart is needed.")]
    private partial void LogHasEnded(OwnCertificate certificate, string file);
}
