using System.Diagnostics;
using System.Text.Json;

namespace MaskRcnn.Client.Tests.Launcher;

/// <summary><c>./maskrcnn</c> as a process of its own, as its users start it.</summary>
public sealed class LauncherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Stdout_holds_one_document_and_stderr_the_warnings()
    {
        (int code, string output, string error) = await Run(Repository.Root, "eval", "--gt", Repository.File("examples/instances.json"), "--dt",
            Repository.File("examples/detections.json"), "--iou-type", "bbox", "--max-dets", "1,10,300", "--json");
        Assert.Equal(0, code);
        Assert.Equal(-1, JsonDocument.Parse(output).RootElement.GetProperty("stats").GetProperty("AP").GetDouble());
        Assert.Contains("warning: --max-dets does not hold 100", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_option_exits_with_2()
    {
        (int code, string output, string error) = await Run(Repository.Root, "eval", "--mistyped");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("maskrcnn eval --help", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_exits_with_130_and_leaves_one_document()
    {
        string folder = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;
        string pipe = Path.Combine(folder, "gt.json");
        Assert.Equal(0, await Wait(Process.Start("mkfifo", [pipe])));
        using Process process = Start(Repository.Root, "eval", "--gt", pipe, "--dt", Repository.File("examples/detections.json"), "--iou-type", "bbox", "--json");
        // Opening the pipe waits until the command reads from it; then it waits for text that does not come.
        await using (FileStream writer = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write)).WaitAsync(Patience))
        {
            Assert.Equal(0, await Wait(Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])));
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        Assert.Equal(130, process.ExitCode);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("coco stats examples/instances.json --json")]
    [InlineData("coco stats examples/instances.json")]
    [InlineData("coco --help")]
    public async Task A_full_stdout_is_an_error_and_not_a_crash(string command)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full.");
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", $"cd '{Repository.Root}' && ./maskrcnn {command} > /dev/full"]) { RedirectStandardError = true })!;
        string error = await process.StandardError.ReadToEndAsync();
        Assert.True(await Wait(process) == 1, error);
        Assert.Contains("No space left on device", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_converted_when_its_kind_is_said_and_refused_when_not()
    {
        string output = Path.Combine(Directory.CreateTempSubdirectory("maskrcnn-test-").FullName, "o.json");
        string command = $"cd '{Repository.Root}' && ./maskrcnn coco convert <(cat examples/instances.json) --to rle --output '{output}'";
        using Process refused = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardError = true })!;
        Assert.Contains("--from KIND", await refused.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        using Process done = Process.Start(new ProcessStartInfo("bash", ["-c", command + " --from coco"]) { RedirectStandardOutput = true })!;
        await done.StandardOutput.ReadToEndAsync();
        Assert.Equal(0, await Wait(done));
        Directory.Delete(Path.GetDirectoryName(output)!, recursive: true);
    }

    [Fact]
    public async Task Two_launchers_started_at_once_in_a_fresh_copy_build_once_and_a_third_not_at_all()
    {
        string copy = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;
        CopyTree(copy);
        (int Code, string Out, string Error)[] two = await Task.WhenAll(Run(copy, "--version"), Run(copy, "--version"));
        Assert.All(two, run => Assert.True(run.Code == 0, run.Error));
        Assert.Equal(two[0].Out, two[1].Out);
        Assert.Single(two, run => run.Error.Contains("building", StringComparison.Ordinal));
        Assert.Equal("", (await Run(copy, "--version")).Error);

        // A change to a source makes it stale again; one that does not build is reported and the next try builds again.
        string program = Path.Combine(copy, "src/Client/Program.cs");
        File.AppendAllText(program, "this is not C#");
        (int code, _, string error) = await Run(copy, "--version");
        Assert.Equal(1, code);
        Assert.Contains("the build failed", error, StringComparison.Ordinal);
        Directory.Delete(copy, recursive: true);
    }

    private static void CopyTree(string target)
    {
        foreach (string file in new[] { "maskrcnn", "global.json", "BannedSymbols.txt", ".editorconfig", "Directory.Build.props", "Directory.Packages.props" })
            File.Copy(Repository.File(file), Path.Combine(target, file));
        foreach (string file in Directory.EnumerateFiles(Repository.File("src"), "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(target, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    private static Process Start(string root, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Path.Combine(root, "maskrcnn"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static async Task<(int Code, string Out, string Error)> Run(string root, params string[] arguments)
    {
        using Process process = Start(root, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }

    private static async Task<int> Wait(Process process)
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        using (process) return process.ExitCode;
    }
}
