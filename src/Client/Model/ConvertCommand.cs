using System.CommandLine;
using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Formats;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Client.Model;

/// <summary><c>maskrcnn model convert</c>: weights of any kind to a model file.</summary>
internal static class ConvertCommand
{
    private static readonly Dictionary<string, TensorType> Types = new() { ["fp32"] = TensorType.F32, ["fp16"] = TensorType.F16, ["bf16"] = TensorType.BF16 };

    public static Command Create()
    {
        Option<string?> architecture = ModelOptions.Architecture("The weights' architecture. [default: the file's own metadata]");
        var weights = new Option<string>("--weights", "-w") { Description = "The weights: safetensors, or a state dict saved by PyTorch.", HelpName = "FILE", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The model file to write, safetensors.", HelpName = "FILE", Required = true };
        var type = new Option<string?>("--dtype") { Description = "What floating point numbers are rounded to. [default: as they are]", HelpName = "TYPE" };
        type.AcceptOnlyFromAmong([.. Types.Keys]);
        Option<double?> normEps = ModelOptions.NormEps();
        var categories = new Option<string?>("--categories")
        {
            Description = "What the labels mean: COCO JSON, or one name a line. [default: COCO's for COCO's number of classes]",
            HelpName = "FILE",
        };
        var settings = new Option<string[]>("--set")
        {
            Description = "Changes a setting of the model, such as post_processing.score_threshold=0.3.",
            HelpName = "KEY=VALUE",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<bool> overwrite = CommandConventions.Overwrite();
        var command = new Command("convert", "Write a model file: weights with their configuration, as safetensors.");
        foreach (Option option in (Option[])[architecture, weights, output, type, normEps, categories, settings, overwrite]) command.Add(option);
        return command.Does("maskrcnn model convert --arch maskrcnn_resnet50_fpn --weights weights.pth --output model.safetensors", (arguments, console, cancellation) =>
        {
            string path = InputPath.ExistingFile(arguments.GetRequiredValue(weights)), target = arguments.GetRequiredValue(output);
            OutputPath.CheckFileFree(target, arguments.GetValue(overwrite));
            using WeightFile file = WeightFile.Open(path);
            ImportedModel model = ImportedModel.Of(file, ModelOptions.Preset(arguments.GetValue(architecture)), arguments.GetValue(normEps));
            if (arguments.GetValue(settings) is { Length: > 0 } changes) model = model.WithSettings(changes);
            if (!model.Differences.Fits) throw new StateDictMismatchException(path, model.Configuration.Name, model.Differences);
            if (arguments.GetValue(categories) is { } names)
                model = model.WithCategories(LabelCategories.Of(names, CategoriesFile.Read(InputPath.ExistingFile(names), cancellation), model.Configuration.Classes));
            ModelFile.Write(target, model.Configuration, model.Weights, arguments.GetValue(type) is { } name ? Types[name] : null, cancellation);
            Write(console, path, target, model);
            return ExitCode.Ok;
        });
    }

    private static void Write(CommandOutput console, string path, string target, ImportedModel model)
    {
        long bytes = new FileInfo(target).Length;
        if (console.Json)
        {
            console.WriteJson(json =>
            {
                json.WriteString("input", path);
                json.WriteString("output", target);
                json.WriteNumber("bytes", bytes);
                json.WriteNumber("tensors", model.Weights.Tensors.Count);
                json.WriteString("architecture", model.Configuration.Name);
                InspectJson.Write(json, model);
            });
            return;
        }
        console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {target}: {model.Configuration.Name}, {model.Weights.Tensors.Count} tensors, {bytes / 1e6:0.0} MB"));
        console.Out.WriteLine($"classes        {InspectText.Classes(model.Configuration)}");
        console.Out.WriteLine($"norm eps       {model.NormEps}");
        foreach (string note in model.Notes) console.Out.WriteLine($"note           {note}");
    }
}
