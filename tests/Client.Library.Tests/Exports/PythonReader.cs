using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MaskRcnn.Client.Library.Tests.Exports;

/// <summary>Reads exports with Debian's Python and its libraries: see <c>Readers/read_export.py</c>.</summary>
internal static class PythonReader
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<string?> Missing = new(FindMissing);

    public static JsonElement Read(string format, string folder, object? sizes = null)
    {
        Assert.SkipWhen(Missing.Value is not null, Missing.Value ?? "");
        List<string> arguments = [Script(), format, folder];
        if (sizes is not null)
        {
            arguments.Add(Path.Combine(folder, "sizes.test.json"));
            File.WriteAllText(arguments[^1], JsonSerializer.Serialize(sizes));
        }
        (int code, string output, string error) = Run([.. arguments]);
        Assert.True(code == 0, error);
        return JsonElement.Parse(output);
    }

    private static string? FindMissing()
    {
        if (!File.Exists(Python)) return $"{Python} is not installed";
        return Run("-c", "import numpy, PIL, yaml").Code == 0 ? null : $"{Python} does not have Debian's python3-numpy, python3-pil and python3-yaml";
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Readers/read_export.py");
}
