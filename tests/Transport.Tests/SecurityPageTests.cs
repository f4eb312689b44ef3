using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MaskRcnn.Transport.Tests;

/// <summary>The commands of docs/security.md, by a program that is not ours.</summary>
public sealed class SecurityPageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Certificates_made_with_openssl_as_the_page_says_are_good()
    {
        Assert.SkipUnless(await RunsAsync("openssl version | grep -q 'OpenSSL 3'"), "There is no openssl 3 here.");
        string page = await File.ReadAllTextAsync(Path.Combine(Here(), "../../docs/security.md"));
        string commands = page.Split("```sh\n").Select(block => block.Split("```")[0]).Single(block => block.StartsWith("openssl", StringComparison.Ordinal));
        Assert.True(await RunsAsync("set -e\n" + commands));
        foreach (TlsRole role in Enum.GetValues<TlsRole>())
        {
            var files = new TlsFiles(In("ca.pem"), In($"{role.Name()}.pem"), In($"{role.Name()}-key.pem"));
            Assert.Empty(files.Problems(role, TimeProvider.System));
        }
        Assert.NotEmpty(new TlsFiles(In("ca.pem"), In("client.pem"), In("client-key.pem")).Problems(TlsRole.Silo, TimeProvider.System));
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private async Task<bool> RunsAsync(string script)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = _folder.FullName, RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> error = shell.StandardError.ReadToEndAsync(), output = shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        TestContext.Current.SendDiagnosticMessage($"{await output}\n{await error}");
        return shell.ExitCode == 0;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
