using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Checkpoints;
using MaskRcnn.Detection.Training.Initialization;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Client.Train;

/// <summary>Whether a run begins or goes on, and with which settings and weights.</summary>
/// <param name="Configuration">Every setting.</param>
/// <param name="From">The checkpoint that it goes on from; null when it begins.</param>
/// <param name="Weights">What it begins with; null for random weights, and when it goes on.</param>
/// <param name="Origin">How it began.</param>
internal sealed record TrainStart(TrainingConfiguration Configuration, ResumePoint? From, StartingWeights? Weights, RunOrigin Origin) : IDisposable
{
    private const string FromNothing = "none";

    private WeightFile? File { get; init; }

    /// <summary>Looks at the folder of the run and at the options.</summary>
    /// <exception cref="CommandException">They do not fit together.</exception>
    public static TrainStart Of(TrainOptions options, ParseResult arguments, RunFolder folder, CocoDataset data, CommandOutput console)
    {
        string? init = arguments.GetValue(options.Init) is { } given && given != FromNothing ? Path.GetFullPath(given) : null;
        RunOrigin asked = new(
            RunOrigin.CommandOf(arguments.Tokens.Select(token => token.Value)), init,
            RunOrigin.NamedFile.Of(arguments.GetRequiredValue(options.Data)),
            arguments.GetValue(options.Validation) is { } validation ? RunOrigin.NamedFile.Of(InputPath.ExistingFile(validation)) : null);
        return ResumePointIn(options, arguments, folder, console) is { } from
            ? GoOn(options, arguments, folder, data, console, from, asked)
            : Begin(options, arguments, data, console, asked);
    }

    /// <summary>Closes the file of the first weights.</summary>
    public void Dispose() => File?.Dispose();

    private static ResumePoint? ResumePointIn(TrainOptions options, ParseResult arguments, RunFolder folder, CommandOutput console)
    {
        bool resume = arguments.GetValue(options.Resume);
        if (folder.IsFree)
        {
            if (!resume) return null;
            if (!options.SayHowToBegin(arguments))
                throw Error("nothing_to_resume", folder, $"{folder.Path} holds no run to go on with: there is no checkpoint. Begin one without --resume. (With --preset or --init, --resume begins a run where there is none.)");
            console.Warn($"{folder.Path} holds no run yet; it begins.");
            return null;
        }

        if (!Directory.Exists(folder.Path)) throw Error("file_exists", folder, $"{folder.Path} is a file; expected the folder of the run.");
        ResumePoint? found = folder.FindNewest(resume ? console.Warn : _ => { });
        if (resume) return found ?? throw Error("nothing_to_resume", folder, $"{folder.Path} has no checkpoint that can be read; expected one in its folder checkpoints. Begin again in another --output.");
        throw found is null
            ? Error("file_exists", folder, $"{folder.Path} is not empty. Choose another --output.")
            : Error("run_exists", folder, $"{folder.Path} holds a run already, {found.State.Step} of {found.Configuration.Steps} steps. Go on with --resume, or choose another --output.");
    }

    private static TrainStart GoOn(TrainOptions options, ParseResult arguments, RunFolder folder, CocoDataset data, CommandOutput console, ResumePoint from, RunOrigin asked)
    {
        RunOrigin? origin = RunOrigin.Read(folder);
        List<string> differences = [.. options.Differences(arguments, data, from.Configuration)];
        if (origin is not null && arguments.GetValue(options.Init) is not null && asked.Init != origin.Init)
            differences.Add($"init is {origin.Init ?? FromNothing} there and {asked.Init ?? FromNothing} here");
        if (origin is not null && origin.Validation is null != asked.Validation is null)
            differences.Add($"val is {origin.Validation?.Path ?? FromNothing} there and {asked.Validation?.Path ?? FromNothing} here");
        if (differences.Count > 0)
            throw new CommandException(ExitCode.Usage, "other_settings", $"The run in {folder.Path} has other settings: {string.Join("; ", differences)}. Go on with its own, which --resume takes by itself, or begin another run in another --output, with --init {folder.Model}.") { Details = new Dictionary<string, object> { ["differences"] = string.Join("; ", differences) } };
        Compare("data", origin?.Data, asked.Data);
        Compare("val", origin?.Validation, asked.Validation);
        console.Error.WriteLine($"resume: {from.Path}, {from.State.Step} of {from.Configuration.Steps} steps");
        return new TrainStart(from.Configuration, from, null, origin ?? asked);

        void Compare(string option, RunOrigin.NamedFile? before, RunOrigin.NamedFile? now)
        {
            if (before is not null && now is not null && before.Sha256 != now.Sha256)
                console.Warn($"--{option} {now.Path} is not the file that the run began with ({before.Path}, SHA-256 {before.Sha256}); what follows is not what that run would have given.");
        }
    }

    private static TrainStart Begin(TrainOptions options, ParseResult arguments, CocoDataset data, CommandOutput console, RunOrigin origin)
    {
        WeightFile? file = origin.Init is null ? null : WeightFile.Open(InputPath.ExistingFile(origin.Init));
        try
        {
            TrainingConfiguration configuration = options.Begin(arguments, data, file is null ? null : StartingWeights.ConfigurationOf(file));
            bool frozen = configuration.Model.Backbone.Norm.Kind == NormKind.FrozenBatch;
            if (arguments.GetValue(options.Init) is null && frozen)
                throw CommandException.Usage("There is no --init; expected weights to begin with, a detector's or a classification ResNet's. --init none trains from random weights, which takes far longer.");
            if (file is null)
                return new TrainStart(frozen ? WithoutWeights(configuration, console) : configuration, null, null, origin);
            StartingWeights weights = StartingWeights.Of(file, configuration.Model);
            foreach (string line in StartingWeightsText.Lines(origin.Init!, weights)) console.Error.WriteLine(line);
            return new TrainStart(configuration with { Model = weights.NormEps.ApplyTo(configuration.Model) }, null, weights, origin) { File = file };
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Frozen norms without statistics would not normalise at all.</summary>
    private static TrainingConfiguration WithoutWeights(TrainingConfiguration configuration, CommandOutput console)
    {
        console.Error.WriteLine("weights: none; the backbone gets batch norms that learn, and all its stages are trained");
        ModelConfiguration model = configuration.Model;
        return configuration with { TrainedBackboneStages = 5, Model = model with { Backbone = model.Backbone with { Norm = model.Backbone.Norm with { Kind = NormKind.Batch } } } };
    }

    private static CommandException Error(string code, RunFolder folder, string message) =>
        new(ExitCode.Error, code, message) { Details = new Dictionary<string, object> { ["folder"] = folder.Path } };
}
