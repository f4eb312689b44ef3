using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Editing;

namespace MaskRcnn.Client.Coco;

/// <summary><c>maskrcnn coco merge</c>: several data sets in one.</summary>
internal static class MergeCommand
{
    private const int ListedPerCode = 20;

    public static Command Create()
    {
        var inputs = new Argument<string[]>("paths")
        {
            Description = "The data sets: COCO instances or keypoints files, at least two.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o") { Description = "The data set to write.", HelpName = "FILE", Required = true };
        Option<bool> overwrite = CommandConventions.Overwrite();
        var command = new Command("merge", "Put data sets into one; conflicts are listed.") { inputs, output, overwrite };
        return command.Does("maskrcnn coco merge a.json b.json --output both.json", (arguments, console, cancellation) =>
        {
            string[] paths = arguments.GetRequiredValue(inputs);
            if (paths.Length < 2) throw CommandException.Usage($"There is one data set, {paths[0]}; expected at least two to merge.");
            string target = arguments.GetRequiredValue(output);
            foreach (string path in paths) InputPath.ExistingFile(path);
            OutputPath.CheckFileFree(target, arguments.GetValue(overwrite));
            MergeResult result = DatasetMerger.Merge([.. paths.Select(path => new MergeInput(path, CocoReader.ReadDataset(path, cancellation)))]);
            CocoWriter.WriteDataset(target, result.Dataset, cancellation);
            foreach (IGrouping<string, MergeConflict> conflicts in result.Conflicts.GroupBy(c => c.Code)) Warn(console, conflicts);
            if (console.Json) console.WriteJson(json => Write(json, paths, target, result));
            else console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Wrote {target}: {result.Dataset.Images.Count} images, {result.Dataset.Annotations.Count} annotations, "
                + $"{result.Dataset.Categories.Count} categories, {result.Conflicts.Count} conflicts"));
            return ExitCode.Ok;
        });
    }

    private static void Warn(CommandOutput console, IGrouping<string, MergeConflict> conflicts)
    {
        foreach (MergeConflict conflict in conflicts.Take(ListedPerCode)) console.Warn(conflict.Message);
        int more = conflicts.Count() - ListedPerCode;
        if (more > 0) console.Warn(string.Create(CultureInfo.InvariantCulture, $"… and {more} more of {conflicts.Key}; --json lists all."));
    }

    private static void Write(Utf8JsonWriter json, string[] paths, string target, MergeResult result)
    {
        json.WriteStartArray("inputs");
        foreach (string path in paths) json.WriteStringValue(path);
        json.WriteEndArray();
        json.WriteString("output", target);
        json.WriteNumber("images", result.Dataset.Images.Count);
        json.WriteNumber("annotations", result.Dataset.Annotations.Count);
        json.WriteNumber("categories", result.Dataset.Categories.Count);
        json.WriteStartArray("conflicts");
        foreach (MergeConflict conflict in result.Conflicts)
        {
            json.WriteStartObject();
            json.WriteString("code", conflict.Code);
            json.WriteString("message", conflict.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
