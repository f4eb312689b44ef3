using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Jobs;

namespace MaskRcnn.Client.Tests;

/// <summary>One run of the command line, in the test's own process.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static CommandRun Of(params string[] arguments) => Of(null, arguments);

    /// <summary>A run whose cluster is a given one.</summary>
    public static CommandRun Of(ConnectToCluster? connect, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = MaskRcnnCommand.Run(arguments, output, error, connect);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>stdout as the one JSON document that it must be.</summary>
    public JsonElement Json
    {
        get
        {
            JsonElement json = JsonDocument.Parse(Out).RootElement;
            Assert.Equal(1, json.GetProperty("schema").GetInt32());
            return json;
        }
    }

    public CommandRun Exits(int code)
    {
        Assert.True(ExitCode == code, $"Exit code {ExitCode}, expected {code}.\n{Out}\n{Error}");
        return this;
    }
}
