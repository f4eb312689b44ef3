using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Formats;

namespace MaskRcnn.Client.Coco;

/// <summary><c>maskrcnn coco convert</c>: between COCO, YOLO, panoptic files and label maps.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var to = new Option<string>("--to")
        {
            Description = $"What to write: {string.Join(", ", ConversionNames.Targets.Keys)}.",
            HelpName = "FORMAT",
            Required = true,
        };
        to.AcceptOnlyFromAmong([.. ConversionNames.Targets.Keys]);
        var output = new Option<string>("--output", "-o") { Description = "The file to write; for yolo and labelmap the folder.", HelpName = "PATH", Required = true };
        var from = new Option<string?>("--from")
        {
            Description = $"What the input is: {string.Join(", ", ConversionNames.Kinds.Keys)}. [default: detected]",
            HelpName = "KIND",
        };
        from.AcceptOnlyFromAmong([.. ConversionNames.Kinds.Keys]);
        var images = new Option<string?>("--images")
        {
            Description = "The images' folder: sizes for YOLO, names for label maps, PNGs of a panoptic file.",
            HelpName = "DIR",
        };
        var categories = new Option<string?>("--categories")
        {
            Description = "Categories of YOLO or label map input: COCO JSON, or one name a line.",
            HelpName = "FILE",
        };
        Option<bool> overwrite = CommandConventions.Overwrite();
        var command = new Command("convert", "Convert between COCO JSON, YOLO segmentation, panoptic files and label maps.");
        InputPath input = InputPath.AddTo(command, "The file or folder to read.", allowFolder: true);
        foreach (Option option in (Option[])[to, output, from, images, categories, overwrite]) command.Add(option);
        return command.Does("maskrcnn coco convert --input instances.json --to yolo --output labels", (arguments, console, cancellation) =>
        {
            string path = input.Read(arguments);
            var options = new ConversionOptions
            {
                Input = path,
                Output = arguments.GetRequiredValue(output),
                To = ConversionNames.Targets[arguments.GetRequiredValue(to)],
                From = arguments.GetValue(from) is { } kind ? ConversionNames.Kinds[kind] : DatasetConverter.Detect(path),
                Images = arguments.GetValue(images),
                Categories = arguments.GetValue(categories),
            };
            Check(options, arguments.GetValue(overwrite));
            WarnOfUnused(options, console);
            ConversionReport report = DatasetConverter.Convert(options, cancellation);
            if (console.Json) console.WriteJson(json => ConversionOutput.Write(json, options, report));
            else ConversionOutput.Write(console.Out, options, report);
            return ExitCode.Ok;
        });
    }

    private static void Check(ConversionOptions options, bool overwrite)
    {
        if (options.To == ConversionTarget.Panoptic && !options.Output.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            throw CommandException.Usage($"--output {options.Output} does not end in .json; the PNGs go to the folder named like that file.");
        bool isFolder = options.To is ConversionTarget.Yolo or ConversionTarget.LabelMap;
        if (isFolder && File.Exists(options.Output)) throw CommandException.Usage($"--output {options.Output} is a file; expected a folder.");
        if (!isFolder) OutputPath.CheckFileFree(options.Output, overwrite);
        foreach (string path in DatasetConverter.Outputs(options)) OutputPath.CheckFree(path, overwrite);
    }

    private static void WarnOfUnused(ConversionOptions options, CommandOutput console)
    {
        string kind = ConversionNames.Of(options.From!.Value);
        if (options.Images is not null && options.From is (DatasetKind.Coco or DatasetKind.Results))
            console.Warn($"--images is not used: {options.Input} is {kind}, which holds the images' sizes.");
        if (options.Categories is not null && options.From is not (DatasetKind.Yolo or DatasetKind.LabelMap))
            console.Warn($"--categories is not used: {options.Input} is {kind}, which holds its own.");
    }
}
