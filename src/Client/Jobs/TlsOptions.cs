using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Transport;

namespace MaskRcnn.Client.Jobs;

/// <summary>Options of commands that talk to a cluster which wants certificates; each may stand in the environment.</summary>
internal sealed class TlsOptions
{
    private static readonly string[] Variables = ["MASKRCNN_TLS_CA", "MASKRCNN_TLS_CERTIFICATE", "MASKRCNN_TLS_KEY"];

    private readonly Option<string?>[] _files =
    [
        Create("--tls-ca", "PEM file with the certificate authority of the cluster's silos.", Variables[0]),
        Create("--tls-certificate", "PEM file with your certificate, which has the DNS name 'client'.", Variables[1]),
        Create("--tls-key", "PEM file with the certificate's key.", Variables[2]),
    ];

    public void AddTo(Command command)
    {
        foreach (Option option in _files) command.Add(option);
    }

    /// <summary>The files; null: no TLS.</summary>
    public TlsFiles? Read(ParseResult arguments)
    {
        string?[] values = [.. _files.Select((option, i) => Given(arguments.GetValue(option)) ?? Given(Environment.GetEnvironmentVariable(Variables[i])))];
        if (values.All(value => value is null)) return null;
        if (values is [{ } ca, { } certificate, { } key]) return new TlsFiles(ca, certificate, key);
        string missing = string.Join(", ", _files.Select((option, i) => $"{option.Name} (or {Variables[i]})").Where((_, i) => values[i] is null));
        throw CommandException.Usage($"For TLS, {missing} is missing; expected --tls-ca, --tls-certificate and --tls-key together.");
    }

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    private static Option<string?> Create(string name, string description, string variable) =>
        new(name) { Description = $"{description} [default: {variable}, else no TLS]", HelpName = "FILE" };
}
