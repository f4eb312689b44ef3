using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Library.Tests.Fakes;

namespace MaskRcnn.Client.Tests.Jobs;

public sealed class JobCommandsPageTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.File("docs/job-commands.md"));

    [Fact]
    public void Every_command_of_the_page_parses_and_every_command_is_there()
    {
        string[][] commands = [.. Lines.Where(line => line.StartsWith("maskrcnn ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1..])];
        foreach (string[] command in commands) Assert.Empty(MaskRcnnCommand.Create().Parse(command).Errors);
        string[] all = [.. MaskRcnnCommand.Create().Subcommands.Where(c => c.Name is "job" or "worker").SelectMany(c => c.Subcommands.Select(s => $"{c.Name} {s.Name}"))];
        Assert.Equal(all, commands.Select(c => $"{c[0]} {c[1]}"));
    }

    [Fact]
    public void The_status_of_the_page_has_the_members_of_the_real_one()
    {
        using JsonDocument page = JsonDocument.Parse(Lines.Single(line => line.StartsWith("{\"schema\"", StringComparison.Ordinal)));
        JsonElement real = JobRun.Of(new FakeCluster(), "job", "status", "photos", "--json").Exits(0).Json;
        Assert.Equal(real.EnumerateObject().Select(m => m.Name), page.RootElement.EnumerateObject().Select(m => m.Name));
        Assert.Equal(real.GetProperty("images").GetRawText(), page.RootElement.GetProperty("images").GetRawText());
    }
}
