using System.Text.Json;

namespace MaskRcnn.Deploy.Tests.Images;

/// <summary>One instruction, continued lines put together.</summary>
internal sealed record Instruction(string Stage, string Name, string Arguments)
{
    /// <summary>The arguments that are no flags.</summary>
    public string[] Words => [.. Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !word.StartsWith("--", StringComparison.Ordinal))];

    /// <summary>A JSON array, as ENTRYPOINT and VOLUME have it.</summary>
    public string[] Array => JsonSerializer.Deserialize<string[]>(Arguments)!;
}

/// <summary>A Dockerfile as far as it can be read without docker: its instructions by stage.</summary>
internal sealed class Dockerfile
{
    private Dockerfile(List<Instruction> instructions) => Instructions = instructions;

    public IReadOnlyList<Instruction> Instructions { get; }

    /// <summary>The stage that a build without a target makes.</summary>
    public string LastStage => Instructions[^1].Stage;

    public static Dockerfile Load(string name) => Parse(Repository.Text($"deploy/docker/{name}"));

    public static Dockerfile Parse(string text)
    {
        List<Instruction> instructions = [];
        string stage = "", open = "";
        foreach (string line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            open += line.TrimEnd('\\');
            if (line.EndsWith('\\')) continue;
            int space = open.IndexOf(' ', StringComparison.Ordinal);
            (string name, string arguments) = (open[..space], open[(space + 1)..].Trim());
            if (name == "FROM") stage = arguments.Split(" AS ") is [_, var given] ? given : throw new FormatException($"'{line}' names no stage; expected FROM image AS name.");
            instructions.Add(new Instruction(stage, name, arguments));
            open = "";
        }
        return new Dockerfile(instructions);
    }

    public IEnumerable<Instruction> Of(string stage, string name) => Instructions.Where(i => i.Stage == stage && i.Name == name);

    public Instruction One(string stage, string name) => Assert.Single(Of(stage, name));

    /// <summary>The image that a stage begins with.</summary>
    public string Base(string stage) => One(stage, "FROM").Words[0];

    /// <summary>Sources of COPY that come from the repository.</summary>
    public IEnumerable<string> Sources => Instructions.Where(i => i.Name == "COPY" && !i.Arguments.Contains("--from=", StringComparison.Ordinal)).SelectMany(i => i.Words[..^1]);

    /// <summary>The variables that ENV sets.</summary>
    public Dictionary<string, string> Variables(string stage) => Of(stage, "ENV").SelectMany(i => i.Words).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
}
