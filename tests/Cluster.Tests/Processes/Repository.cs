using System.Runtime.CompilerServices;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>The tree that the tests belong to, and what was built of it.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    /// <summary>The command line as <c>./maskrcnn</c> builds it; <c>./test.sh</c> does that before the tests.</summary>
    public static string Client
    {
        get
        {
            string program = File("artifacts/cli/maskrcnn.dll");
            Assert.True(System.IO.File.Exists(program), $"{program} is not there; build it with './maskrcnn --version'.");
            return program;
        }
    }

    /// <summary>A program of the solution, in the configuration of this one.</summary>
    public static string Built(string project)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = File($"artifacts/bin/{project}/{configuration}/{project}.dll");
        Assert.True(System.IO.File.Exists(program), $"{program} is not there; build the whole solution.");
        return program;
    }

    public static string File(string relative) => Path.Combine(Root, relative);

    public static string Golden(string name) => File($"tests/data/detection/golden/{name}");

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
