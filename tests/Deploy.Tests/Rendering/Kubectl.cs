using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MaskRcnn.Deploy.Tests.Rendering;

/// <summary>Renders with the kubectl of the machine; there is no other way to know what kustomize makes of the files.</summary>
internal static partial class Kubectl
{
    private const string HowToGetIt = "install kubectl 1.27 or newer (https://kubernetes.io/docs/tasks/tools; Debian 12's kubernetes-client, 1.20, is too old) so that it is on PATH";

    private static readonly ConcurrentDictionary<string, Lazy<string>> Rendered = new();

    /// <summary>What <c>kubectl kustomize</c> makes of a folder below deploy/k8s.</summary>
    public static string Render(string folder) => Rendered.GetOrAdd(folder, _ => new Lazy<string>(() => Run("kustomize", Path.Combine(Repository.Root, "deploy/k8s", folder)))).Value;

    /// <summary>Its version as (major, minor).</summary>
    public static (int Major, int Minor) Version() => ReadVersion(Run("version", "--client", "--output=json"));

    public static (int Major, int Minor) ReadVersion(string json)
    {
        JsonElement version = JsonDocument.Parse(json).RootElement.GetProperty("clientVersion");
        // Builds of some distributions have '32+'.
        return (Number("major"), Number("minor"));

        int Number(string name) => int.Parse(Digits().Match(version.GetProperty(name).GetString()!).Value, CultureInfo.InvariantCulture);
    }

    public static string TooOld((int Major, int Minor) version) => $"kubectl is {version.Major}.{version.Minor}; {HowToGetIt}.";

    private static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException($"kubectl does not start ({exception.Message}), and deploy/k8s cannot be checked without it; {HowToGetIt}.", exception);
        }
        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"kubectl {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
            return output;
        }
    }

    [GeneratedRegex("^[0-9]+")]
    private static partial Regex Digits();
}
