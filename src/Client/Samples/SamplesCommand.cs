using System.CommandLine;
using MaskRcnn.Client.Coco;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Samples.Files;
using MaskRcnn.Samples.Microscopy;
using MaskRcnn.Samples.Microscopy.Measurement;

namespace MaskRcnn.Client.Samples;

/// <summary><c>maskrcnn samples</c>: images to try things on, made on the spot, with exact ground truth.</summary>
internal static class SamplesCommand
{
    private const string Microscopy = "microscopy";

    private static readonly MicroscopyOptions Defaults = new();

    public static Command Create()
    {
        var kind = new Option<string?>("--kind") { Description = $"What to make: {Microscopy}. [default: {Microscopy}]", HelpName = "KIND" };
        kind.AcceptOnlyFromAmong(Microscopy);
        Option<long?> count = NumberOption.Whole("--count", $"How many images. [default: {Defaults.Count}]", 1, MicroscopyOptions.MostImages);
        count.Aliases.Add("-n");
        Option<int> seed = SeedOption.Create();
        var output = new Option<string>("--output", "-o") { Description = "The folder to write to.", HelpName = "DIR", Required = true };
        Option<bool> overwrite = CommandConventions.Overwrite();
        var command = new Command("samples", "Make sample images with exact ground truth: nuclei as in a fluorescence microscope.");
        foreach (Option option in (Option[])[kind, count, seed, output, overwrite]) command.Add(option);
        return command.Does("maskrcnn samples --kind microscopy --count 24 --seed 1 --output cells", (arguments, console, cancellation) =>
        {
            string path = arguments.GetRequiredValue(output);
            var options = new MicroscopyOptions { Count = (int)(arguments.GetValue(count) ?? Defaults.Count), Seed = arguments.GetValue(seed) };
            var folder = new SampleFolder(path);
            CheckFree(path, folder, arguments.GetValue(overwrite));
            using var progress = new ProgressLine(console.Error, "Images");
            SampleReport report = folder.Write(options, progress, cancellation);
            if (console.Json) console.WriteJson(json => SamplesOutput.Write(json, Microscopy, options, folder, report));
            else SamplesOutput.Write(console.Out, folder, report);
            return ExitCode.Ok;
        });
    }

    private static void CheckFree(string path, SampleFolder folder, bool overwrite)
    {
        if (File.Exists(path)) throw CommandException.Usage($"--output {path} is a file; expected a folder.");
        foreach (string file in (string[])[folder.Annotations, folder.Images]) OutputPath.CheckFree(file, overwrite);
    }
}
