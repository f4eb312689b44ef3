using System.CommandLine;
using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Editing;

namespace MaskRcnn.Client.Coco;

/// <summary><c>maskrcnn coco split</c>: a data set in parts that share no image.</summary>
internal static class SplitCommand
{
    private sealed record Part(string Path, double Fraction, CocoDataset Dataset);

    public static Command Create()
    {
        Option<double[]?> fractions = ListOption.Doubles("--fractions", "Each part's share of the images, such as 0.8,0.2; at most 1 together.");
        fractions.Required = true;
        Option<int> seed = SeedOption.Create();
        var output = new Option<string>("--output", "-o") { Description = "The folder that the parts are written to.", HelpName = "DIR", Required = true };
        Option<bool> overwrite = CommandConventions.Overwrite();
        var command = new Command("split", "Split by image into parts NAME-1.json, NAME-2.json, ….");
        InputPath input = InputPath.AddTo(command, "The data set: a COCO instances or keypoints file.");
        foreach (Option option in (Option[])[fractions, seed, output, overwrite]) command.Add(option);
        return command.Does("maskrcnn coco split instances.json --fractions 0.8,0.2 --seed 1 --output parts", (arguments, console, cancellation) =>
        {
            string path = input.Read(arguments);
            double[] shares = arguments.GetRequiredValue(fractions)!;
            if (DatasetSplitter.CheckFractions(shares) is { } problem) throw CommandException.Usage($"--fractions: {problem}");
            string[] paths = [.. shares.Select((_, i) => PartPath(arguments.GetRequiredValue(output), path, i))];
            foreach (string part in paths) OutputPath.CheckFileFree(part, arguments.GetValue(overwrite));
            IReadOnlyList<CocoDataset> datasets = DatasetSplitter.Split(path, CocoReader.ReadDataset(path, cancellation), shares, arguments.GetValue(seed));
            Part[] parts = [.. datasets.Select((dataset, i) => new Part(paths[i], shares[i], dataset))];
            foreach (Part part in parts) CocoWriter.WriteDataset(part.Path, part.Dataset, cancellation);
            Write(console, path, arguments.GetValue(seed), parts);
            return ExitCode.Ok;
        });
    }

    private static string PartPath(string folder, string input, int index) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(input)}-{index + 1}.json"));

    private static void Write(CommandOutput console, string path, int seed, Part[] parts)
    {
        if (!console.Json)
        {
            foreach (Part part in parts)
                console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Wrote {part.Path}: {part.Dataset.Images.Count} images, {part.Dataset.Annotations.Count} annotations"));
            return;
        }
        console.WriteJson(json =>
        {
            json.WriteString("input", path);
            json.WriteNumber("seed", seed);
            json.WriteStartArray("parts");
            foreach (Part part in parts)
            {
                json.WriteStartObject();
                json.WriteString("output", part.Path);
                json.WriteNumber("fraction", part.Fraction);
                json.WriteNumber("images", part.Dataset.Images.Count);
                json.WriteNumber("annotations", part.Dataset.Annotations.Count);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }
}
