using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Transport;
using MaskRcnn.Transport.Trial;

namespace MaskRcnn.Client.Certificates;

/// <summary><c>maskrcnn certificates</c>: what mutual TLS needs, for trying it out.</summary>
internal static class CertificatesCommand
{
    private const int UsualDays = 30;

    public static Command Create()
    {
        var output = new Option<string>("--output", "-o") { Description = "The folder to write to.", HelpName = "DIR", Required = true };
        Option<long?> days = NumberOption.Whole("--days", $"How long they are valid. [default: {UsualDays}]", 1, 365);
        Option<bool> overwrite = CommandConventions.Overwrite();
        var command = new Command("certificates", "Make a certificate authority, a silo's and a client's certificate, for trying out mutual TLS.");
        foreach (Option option in (Option[])[output, days, overwrite]) command.Add(option);
        return command.Does("maskrcnn certificates --output certificates", (arguments, console, _) =>
        {
            string folder = arguments.GetRequiredValue(output);
            OutputPath.CheckFree(folder, arguments.GetValue(overwrite));
            var certificates = new TrialCertificates(folder);
            certificates.Write(TimeProvider.System, TimeSpan.FromDays(arguments.GetValue(days) ?? UsualDays));
            TlsFiles silo = certificates.FilesOf(TlsRole.Silo), client = certificates.FilesOf(TlsRole.Client);
            if (console.Json)
            {
                console.WriteJson(json =>
                {
                    json.WriteString("ca", certificates.CaFile);
                    foreach ((string name, TlsFiles files) in new[] { ("silo", silo), ("client", client) })
                    {
                        json.WriteStartObject(name);
                        json.WriteString("certificate", files.CertificateFile);
                        json.WriteString("key", files.KeyFile);
                        json.WriteEndObject();
                    }
                });
                return ExitCode.Ok;
            }
            console.Out.WriteLine($"silos:   --Tls:CaFile {silo.CaFile} --Tls:CertificateFile {silo.CertificateFile} --Tls:KeyFile {silo.KeyFile}");
            console.Out.WriteLine($"clients: --tls-ca {client.CaFile} --tls-certificate {client.CertificateFile} --tls-key {client.KeyFile}");
            return ExitCode.Ok;
        });
    }
}
