using System.CommandLine;
using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Editing;

namespace MaskRcnn.Client.Coco;

/// <summary><c>maskrcnn coco sample</c>: some images of a data set, at random.</summary>
internal static class SampleCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count", "-n") { Description = "How many images.", HelpName = "N", Required = true };
        Option<int> seed = SeedOption.Create();
        var output = new Option<string>("--output", "-o") { Description = "The data set to write.", HelpName = "FILE", Required = true };
        Option<bool> overwrite = CommandConventions.Overwrite();
        var command = new Command("sample", "Take some images at random, with their annotations.");
        InputPath input = InputPath.AddTo(command, "The data set: a COCO instances or keypoints file.");
        foreach (Option option in (Option[])[count, seed, output, overwrite]) command.Add(option);
        return command.Does("maskrcnn coco sample instances.json --count 100 --seed 1 --output sample.json", (arguments, console, cancellation) =>
        {
            string path = input.Read(arguments), target = arguments.GetRequiredValue(output);
            int images = arguments.GetValue(count);
            if (images < 1) throw CommandException.Usage($"--count {images} is too few; expected at least 1.");
            OutputPath.CheckFileFree(target, arguments.GetValue(overwrite));
            CocoDataset sample = DatasetSampler.Sample(path, CocoReader.ReadDataset(path, cancellation), images, arguments.GetValue(seed));
            CocoWriter.WriteDataset(target, sample, cancellation);
            if (!console.Json)
                console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Wrote {target}: {sample.Images.Count} images, {sample.Annotations.Count} annotations"));
            else console.WriteJson(json =>
            {
                json.WriteString("input", path);
                json.WriteString("output", target);
                json.WriteNumber("seed", arguments.GetValue(seed));
                json.WriteNumber("images", sample.Images.Count);
                json.WriteNumber("annotations", sample.Annotations.Count);
            });
            return ExitCode.Ok;
        });
    }
}
