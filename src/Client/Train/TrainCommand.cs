using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Checkpoints;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Evaluation;

namespace MaskRcnn.Client.Train;

/// <summary><c>maskrcnn train</c>: a model from annotated images.</summary>
internal static class TrainCommand
{
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
        string annotations = InputPath.ExistingFile(arguments.GetRequiredValue(options.Data));
        ValidationOptions? validation = ValidationOf(options, arguments);
        RunFolder folder = new(arguments.GetRequiredValue(options.Output));
        CocoDataset data = CocoReader.ReadDataset(annotations, cancellation);
        using TrainStart start = TrainStart.Of(options, arguments, folder, data, console);
        if ((arguments.GetValue(options.Threads) ?? start.From?.State.Threads) is { } threads) KernelThreads.Count = (int)threads;
        TrainingDataset dataset = TrainingDataset.Open(
            annotations, data, arguments.GetRequiredValue(options.Images), start.Configuration.Model,
            new TrainingDataOptions { KeepEmptyImages = start.Configuration.KeepImagesWithoutObjects }, cancellation);
        TrainOutput output = new(console);
        output.Report(dataset.Report);
        TrainingRunOptions run = new()
        {
            Output = folder.Path,
            Configuration = start.Configuration,
            Data = dataset,
            Validation = validation,
            Device = ComputeDevice.Parse(arguments.GetRequiredValue(options.Device)),
            LoaderThreads = (int)(arguments.GetValue(options.LoaderThreads) ?? Math.Max(1, Environment.ProcessorCount / 2)),
            From = start.From,
        };
        TrainingResult result;
        using (TrainObserver observer = new(output, folder, run, start.Origin)) result = new TrainingRun(run, observer).Run(start.Weights?.Weights, cancellation);
        TrainingCurves.Write(folder);
        output.Finish(result, folder);
        return ExitCode.Ok;
    }

    private static ValidationOptions? ValidationOf(TrainOptions options, ParseResult arguments) => (arguments.GetValue(options.Validation), arguments.GetValue(options.ValidationImages)) switch
    {
        ({ } file, { } images) => new ValidationOptions(InputPath.ExistingFile(file), images),
        (null, null) => null,
        (null, _) => throw CommandException.Usage("--val-images is given without --val; expected both or none."),
        _ => throw CommandException.Usage("--val is given without --val-images; expected both or none."),
    };
}
