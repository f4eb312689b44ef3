using System.Diagnostics;
using System.Text.Json;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>One run of the built command line, as a process of its own.</summary>
internal sealed record Cli(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static Task<Cli> RunAsync(params string[] arguments) => RunProgramAsync(Repository.Client, null, arguments);

    /// <summary>Runs it in a user's own state folder.</summary>
    public static Task<Cli> RunAsAsync(string stateHome, params string[] arguments) => RunProgramAsync(Repository.Client, stateHome, arguments);

    /// <summary>Runs another .NET program.</summary>
    public static async Task<Cli> RunProgramAsync(string program, string? stateHome, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("MASKRCNN_CLUSTER");
        if (stateHome is not null) start.Environment["XDG_STATE_HOME"] = stateHome;
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None), error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience.Usual);
            return new Cli(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    public Cli Exits(int code)
    {
        Assert.True(ExitCode == code, $"Exit code {ExitCode}, expected {code}.\n{Out}\n{Error}");
        return this;
    }
}
