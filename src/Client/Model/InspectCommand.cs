using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Client.Model;

/// <summary><c>maskrcnn model inspect</c>: what a weight file holds, and which architecture it fits.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        Option<string?> architecture = ModelOptions.Architecture("Check that keys and shapes are those of this architecture. [default: the file's own metadata, else guessed]");
        Option<double?> normEps = ModelOptions.NormEps();
        var command = new Command("inspect", "Show format, tensors, architecture and classes of a weight file.");
        InputPath input = InputPath.AddTo(command, "The weights: safetensors, or a state dict saved by PyTorch.");
        command.Add(architecture);
        command.Add(normEps);
        return command.Does("maskrcnn model inspect model.safetensors", (arguments, output, _) =>
        {
            using WeightFile file = WeightFile.Open(input.Read(arguments));
            Inspection inspection = Inspect(file, ModelOptions.Preset(arguments.GetValue(architecture)), arguments.GetValue(normEps));
            if (output.Json) output.WriteJson(json => InspectJson.Write(json, inspection));
            else InspectText.Write(output.Out, inspection);
            return inspection.Model is { Differences.Fits: false } ? ExitCode.Error : ExitCode.Ok;
        });
    }

    private static Inspection Inspect(WeightFile file, ModelConfiguration? architecture, double? normEps)
    {
        if (architecture is not null) return new Inspection(file, ImportedModel.Of(file, architecture, normEps), ArchitectureSource.Option, []);
        if (ModelFile.ConfigurationOf(file) is not null) return new Inspection(file, ImportedModel.Of(file, null, normEps), ArchitectureSource.Metadata, []);
        IReadOnlyList<string> fitting = ImportedModel.FittingPresets(file);
        ImportedModel? guess = fitting.Count == 1 ? ImportedModel.Of(file, ModelPresets.Get(fitting[0]), normEps) : null;
        return new Inspection(file, guess, ArchitectureSource.Keys, fitting);
    }
}
