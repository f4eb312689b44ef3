using System.Diagnostics;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Training.Checkpoints;
using MaskRcnn.Detection.Training.Evaluation;
using MaskRcnn.Detection.Training.Initialization;
using MaskRcnn.Detection.Training.Loading;
using MaskRcnn.Detection.Training.Progress;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Training;

/// <summary>
/// The loop: batches, steps, metrics, evaluations, checkpoints. After any interruption it goes on from the newest
/// checkpoint, and what it then writes is what it would have written.
/// </summary>
/// <param name="options">What is trained.</param>
/// <param name="observer">Watches.</param>
public sealed class TrainingRun(TrainingRunOptions options, ITrainingObserver observer)
{
    private readonly TrainingConfiguration _configuration = options.Configuration;
    private readonly RunFolder _folder = new(options.Output);
    private RunState _state = new(0, 0, null, KernelThreads.Count);
    private RunState? _saved;

    /// <summary>Trains.</summary>
    /// <param name="initialize">Fills the network before the first step, over random weights; null for those alone.</param>
    /// <param name="cancellation">Stops it after the step that it is at; a checkpoint is written.</param>
    /// <exception cref="NonFiniteLossException">A loss is infinite or not a number; the state before the step is in its file.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="IOException">Something cannot be written; the last checkpoint is as it was.</exception>
    public TrainingResult Run(StateDict? initialize, CancellationToken cancellation)
    {
        using FileStream held = _folder.Hold();
        _folder.RemoveLeftovers();
        Validation? validation = options.Validation is { } v ? new Validation(v, _configuration.Model, cancellation) : null;
        using MaskRcnnNetwork network = new(_configuration.Model);
        if (options.From is null)
            Begin(network, initialize);
        network.to(options.Device);
        using Trainer trainer = new(network, _configuration, options.Device);
        if (options.From is { } from)
            Resume(from, trainer);
        try
        {
            _folder.WriteText(Path.GetFileName(_folder.Configuration), TrainingConfigurationJson.Serialize(_configuration) + '\n');
            observer.OnBegin(_state.Step, _configuration.Steps);
            using MetricsFile metrics = new(_folder.Metrics, _state.Step, _state.EvaluatedAt);
            using TrainingLoader loader = new(options.Data, LoaderOptions());
            Train(trainer, validation, metrics, loader, cancellation);
        }
        catch (IOException exception)
        {
            throw new IOException($"{exception.Message} The run stopped after step {_state.Step}{(_saved is null ? " and has no checkpoint" : $"; its last checkpoint is of step {_saved.Step}. Make room where it writes and go on with --resume")}.", exception);
        }

        return new TrainingResult(_state.Step, _state.Best, _folder.Model);
    }

    private void Train(Trainer trainer, Validation? validation, MetricsFile metrics, TrainingLoader loader, CancellationToken cancellation)
    {
        StepRate rate = new();
        try
        {
            // From here on a run can go on by itself, without its first weights.
            if (_saved is null)
                Save(trainer);
            while (true)
            {
                if (IsDue(_configuration.EvaluateEvery, _state.EvaluatedAt))
                    rate.Without(() => Evaluate(trainer, validation, metrics, cancellation));
                if (_state.Step % _configuration.CheckpointEvery == 0 || _state.Step == _configuration.Steps)
                    Save(trainer);
                if (_state.Step >= _configuration.Steps)
                    return;

                long began = Stopwatch.GetTimestamp();
                TrainingStep step = Step(trainer, loader, cancellation);
                _state = _state with { Step = step.Step };
                metrics.Add(step, Stopwatch.GetElapsedTime(began).TotalSeconds);
                observer.OnStep(step, _configuration.Steps, rate.After(step.Images));
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            Save(trainer);
            throw;
        }
        catch (NonFiniteLossException exception)
        {
            Checkpoint.Write(_folder.Checkpoints.NonFinitePath, trainer, _configuration, _state);
            exception.SavedState = _folder.Checkpoints.NonFinitePath;
            throw;
        }
    }

    private void Save(Trainer trainer)
    {
        if (_saved == _state)
            return;
        _folder.Checkpoints.Write(trainer, _configuration, _state);
        _saved = _state;
    }

    private TrainingStep Step(Trainer trainer, TrainingLoader loader, CancellationToken cancellation)
    {
        List<TrainingBatch> batches = [];
        try
        {
            for (int i = 0; i < _configuration.Accumulation; i++)
                batches.Add(loader.Next(cancellation));
            return trainer.Step(_state.Step, batches);
        }
        finally
        {
            batches.ForEach(batch => batch.Dispose());
        }
    }

    /// <summary>Whether something that happens every so many steps, and at the end, has to happen now.</summary>
    private bool IsDue(long every, long last) =>
        _state.Step > last && (_state.Step == _configuration.Steps || (every > 0 && _state.Step % every == 0));

    /// <summary>What it writes is written again after a kill, as its checkpoint comes last.</summary>
    private void Evaluate(Trainer trainer, Validation? validation, MetricsFile metrics, CancellationToken cancellation)
    {
        using StateDict weights = new([.. WeightSnapshot.Of(trainer.Average?.State ?? NetworkLoader.Tensors(trainer.Network))]);
        if (validation is null)
        {
            WriteModel(weights, null, cancellation);
            _state = _state with { EvaluatedAt = _state.Step };
            return;
        }

        ValidationReport report;
        using (Detector detector = Detector.Load(_configuration.Model, weights, _folder.Model, new ExecutionPlan(options.Device, _configuration.Precision)))
            report = validation.Run(detector, _state.Step, _configuration.EvaluationDetections, _folder.ValidationResults, observer, cancellation);
        bool isBest = _state.Best is not { } before || report.Ap > before.Ap;
        if (isBest)
            WriteModel(weights, report, cancellation);
        metrics.Add(report);
        observer.OnEvaluation(report);
        _state = _state with { EvaluatedAt = _state.Step, Best = isBest ? new BestEvaluation(_state.Step, report.Ap, report.Ap50) : _state.Best };
        if (isBest)
            Checkpoint.Write(_folder.Checkpoints.BestPath, trainer, _configuration, _state);
    }

    private void WriteModel(StateDict weights, ValidationReport? report, CancellationToken cancellation)
    {
        ModelFile.Write(_folder.Model, _configuration.Model, weights, cancellationToken: cancellation);
        observer.OnModel(_state.Step, report);
    }

    private void Begin(MaskRcnnNetwork network, StateDict? initialize)
    {
        InitialWeights.Fill(network, _configuration.Seed);
        if (initialize is not null)
            WeightSnapshot.Restore(initialize, NetworkLoader.Tensors(network).Where(t => initialize.Find(t.Name, out _)), "");
    }

    private void Resume(ResumePoint from, Trainer trainer)
    {
        IReadOnlyList<ConfigurationDifference> differences = ConfigurationDifference.Between(from.Configuration, _configuration);
        if (differences.Count > 0)
            throw new ArgumentException($"{from.Path} is of a run with other settings: {string.Join("; ", differences)}.", nameof(from));
        if (from.State.Threads != KernelThreads.Count)
            observer.OnWarning($"The run had {from.State.Threads} threads and goes on with {KernelThreads.Count}: from here on its numbers differ in their last bits from those of an uninterrupted run.");
        using WeightFile file = WeightFile.Open(from.Path);
        Checkpoint.Restore(file, trainer);
        _state = _saved = from.State with { Threads = KernelThreads.Count };
    }

    private TrainingLoaderOptions LoaderOptions() => new()
    {
        BatchSize = _configuration.BatchSize,
        Seed = _configuration.Seed,
        FirstStep = _state.Step * _configuration.Accumulation,
        Threads = options.LoaderThreads,
        Augmentation = _configuration.Augmentation,
        Transform = _configuration.MinSizes.Count == 0 ? _configuration.Model.Transform : _configuration.Model.Transform with { MinSizes = _configuration.MinSizes },
    };
}
