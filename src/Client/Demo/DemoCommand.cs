using System.CommandLine;
using MaskRcnn.Client.Coco;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Samples.Microscopy;

namespace MaskRcnn.Client.Demo;

/// <summary><c>maskrcnn demo</c>: the whole system in a minute.</summary>
internal static class DemoCommand
{
    private const int DefaultCount = 24;
    private const string DefaultOutput = "demo";

    /// <summary>Three processes end in good order.</summary>
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var output = new Option<string>("--output", "-o") { Description = "The folder to write to; an earlier demo in it is replaced.", HelpName = "DIR", DefaultValueFactory = _ => DefaultOutput };
        Option<long?> count = NumberOption.Whole("--count", $"How many images. [default: {DefaultCount}]", 1, MicroscopyOptions.MostImages);
        count.Aliases.Add("-n");
        Option<int> seed = SeedOption.Create();
        var model = new Option<string?>("--model", "-m") { Description = "A model file that finds nuclei. [default: the one that comes with the program]", HelpName = "FILE" };
        var command = new Command("demo", "See it all in a minute: makes images, starts a cluster of its own, runs a job, and shows what was found beside the ground truth.");
        foreach (Option option in (Option[])[output, count, seed, model]) command.Add(option);
        return command.Does("maskrcnn demo --output demo", (arguments, console, cancellation) =>
        {
            string to = arguments.GetRequiredValue(output);
            if (string.IsNullOrWhiteSpace(to)) throw CommandException.Usage("--output is empty; expected a folder.");
            var options = new DemoOptions
            {
                Output = Path.GetFullPath(to),
                Count = (int)(arguments.GetValue(count) ?? DefaultCount),
                Seed = arguments.GetValue(seed),
                Model = DemoModel.Find(arguments.GetValue(model)),
            };
            using DemoFolder folder = DemoFolder.Take(options.Output);
            using var progress = new DemoProgress(console, TimeProvider.System);
            DemoReport report = new DemoRun(options, folder, progress).RunAsync(cancellation).GetAwaiter().GetResult();
            if (console.Json) console.WriteJson(json => report.Write(json, progress));
            else report.Write(console, progress);
            return report.Failed == 0 ? ExitCode.Ok : ExitCode.Partial;
        }, TimeToStop);
    }
}
