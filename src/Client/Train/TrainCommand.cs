using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Evaluation;
using MaskRcnn.Detection.Training.Initialization;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Client.Train;

/// <summary><c>maskrcnn train</c>: a model from annotated images.</summary>
internal static class TrainCommand
{
    private const string FromNothing = "none";

    /// <summary>A step on large images takes many seconds on a CPU, and then the checkpoint is written.</summary>
    private static readonly TimeSpan TimeToCancel = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        TrainOptions options = new();
        var command = new Command("train", "Train a model on your images, or fine-tune one.");
        foreach (Option option in options.All) command.Add(option);
        return command.Does(
            "maskrcnn train --data train.json --images train --val val.json --val-images val --preset finetune-small --init model.safetensors --output run",
            (arguments, console, cancellation) => Run(options, arguments, console, cancellation), TimeToCancel);
    }

    private static int Run(TrainOptions options, ParseResult arguments, CommandOutput console, CancellationToken cancellation)
    {
        string annotations = InputPath.ExistingFile(arguments.GetRequiredValue(options.Data)), output = arguments.GetRequiredValue(options.Output);
        bool resume = arguments.GetValue(options.Resume);
        if (!resume) OutputPath.CheckFree(output, overwrite: false);
        CocoDataset data = CocoReader.ReadDataset(annotations, cancellation);
        TrainingConfiguration configuration = options.Configuration(arguments, data);
        if (arguments.GetValue(options.Threads) is { } threads) KernelThreads.Count = (int)threads;
        using WeightFile? file = Starting(arguments.GetValue(options.Init), configuration.Model);
        StartingWeights? starting = file is null ? null : StartingWeights.Of(file, configuration.Model);
        configuration = Fitted(configuration, starting, console);
        TrainingDataset dataset = TrainingDataset.Open(annotations, data, arguments.GetRequiredValue(options.Images), configuration.Model, new TrainingDataOptions { KeepEmptyImages = configuration.KeepImagesWithoutObjects }, cancellation);
        TrainOutput progress = new(console, output);
        progress.Report(dataset.Report);
        TrainingRun run = new(
            new TrainingRunOptions
            {
                Output = output,
                Configuration = configuration,
                Data = dataset,
                Validation = ValidationOf(options, arguments),
                Device = ComputeDevice.Parse(arguments.GetRequiredValue(options.Device)),
                LoaderThreads = (int)(arguments.GetValue(options.LoaderThreads) ?? Math.Max(1, Environment.ProcessorCount / 2)),
                Resume = resume,
            },
            progress);
        TrainingResult result = run.Run(starting?.Weights, cancellation);
        progress.Finish(result);
        return ExitCode.Ok;
    }

    private static ValidationOptions? ValidationOf(TrainOptions options, ParseResult arguments) => (arguments.GetValue(options.Validation), arguments.GetValue(options.ValidationImages)) switch
    {
        ({ } file, { } images) => new ValidationOptions(InputPath.ExistingFile(file), images),
        (null, null) => null,
        (null, _) => throw CommandException.Usage("--val-images is given without --val; expected both or none."),
        _ => throw CommandException.Usage("--val is given without --val-images; expected both or none."),
    };

    private static WeightFile? Starting(string? init, ModelConfiguration model)
    {
        if (init is null && model.Backbone.Norm.Kind == NormKind.FrozenBatch)
            throw CommandException.Usage("There is no --init; expected weights to begin with, a detector's or a classification ResNet's. --init none trains from random weights, which takes far longer.");
        return init is null or FromNothing ? null : WeightFile.Open(InputPath.ExistingFile(init));
    }

    /// <summary>The settings that the first weights need, and a word on what was taken.</summary>
    private static TrainingConfiguration Fitted(TrainingConfiguration configuration, StartingWeights? starting, CommandOutput console)
    {
        if (starting is not null)
        {
            console.Error.WriteLine($"weights: {starting.Taken.Count} tensors taken, {starting.New.Count} new{(starting.New.Count > 0 ? $" ({string.Join(", ", starting.New.Take(8))}{(starting.New.Count > 8 ? ", …" : "")})" : "")}, {starting.Unused.Count} of the file not used; norm eps {starting.NormEps}");
            return configuration with { Model = starting.NormEps.ApplyTo(configuration.Model) };
        }

        if (configuration.Model.Backbone.Norm.Kind != NormKind.FrozenBatch) return configuration;
        // Frozen norms without statistics would not normalise at all.
        console.Error.WriteLine("weights: none; the backbone gets batch norms that learn, and all its stages are trained");
        ModelConfiguration model = configuration.Model;
        return configuration with { TrainedBackboneStages = 5, Model = model with { Backbone = model.Backbone with { Norm = model.Backbone.Norm with { Kind = NormKind.Batch } } } };
    }
}
