using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Prediction;

/// <summary>
/// Decoding, inference and encoding at the same time: while the model computes, other threads decode the next images
/// and encode the last ones. Results come in the order of the inputs; a bad image is a result, too. The number of
/// images in memory is bounded.
/// </summary>
/// <remarks>
/// Only images of equal padded size share a batch, so that none is padded for another's sake, and an image's result
/// does not depend on its company. All stages have threads of their own; the thread pool is left to others.
/// </remarks>
public sealed class PredictionPipeline(IImageModel model, PredictionOptions options)
{
    private readonly InFlightImages _inFlight = new();
    private volatile ModelStage? _stage;
    private volatile Func<PipelineDepths>? _depths;

    /// <summary>The images that are being decoded, in the model or being encoded now, the oldest first. For any thread.</summary>
    public IReadOnlyList<InFlightImage> InFlight => _inFlight.Now();

    /// <summary>What waits in the latest run. For any thread.</summary>
    public PipelineDepths Depths => _depths?.Invoke() ?? default;

    /// <summary>Most images in a batch: the option, or less when a larger batch did not fit in memory in the latest run.</summary>
    public int LargestBatch => _stage?.LargestBatch ?? options.BatchSize;

    /// <summary>Predicts on each input, on this thread and some of its own, until all results are delivered.</summary>
    /// <param name="inputs">
    /// The images; read as work proceeds, on a thread of the pipeline. The sequence may block: what is in flight goes on, and is
    /// delivered. When the run ends for another reason, the sequence's current step is not waited for.
    /// </param>
    /// <param name="finish">Makes a result of a prediction, on one of the pipeline's threads: what should not wait for the model.</param>
    /// <param name="deliver">Takes each result, in the order of the inputs, on this thread. While it takes its time, work goes on within the window.</param>
    /// <param name="cancellation">Stops the work within one batch.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The inputs failed, or a stage; the inner exception says why.</exception>
    public void Run<T>(IEnumerable<PredictionInput> inputs, Func<Prediction, T> finish, Action<T> deliver, CancellationToken cancellation = default) =>
        Run(_ => inputs, finish, deliver, cancellation);

    /// <summary>The same for inputs that wait for something: their token is cancelled when the run ends, whatever the reason.</summary>
    public void Run<T>(Func<CancellationToken, IEnumerable<PredictionInput>> inputs, Func<Prediction, T> finish, Action<T> deliver, CancellationToken cancellation = default)
    {
        using ModelStage stage = new(model, options, _inFlight);
        _stage = stage;
        using PipelineRun<T> run = new(model, options, _inFlight, stage, finish);
        _depths = () => run.Depths;
        run.Run(inputs, deliver, cancellation);
    }

    /// <summary>Predicts on each input, as <see cref="Run{T}(IEnumerable{PredictionInput}, Func{Prediction, T}, Action{T}, CancellationToken)"/> does.</summary>
    /// <returns>A result for each input, in their order.</returns>
    public async IAsyncEnumerable<T> RunAsync<T>(IEnumerable<PredictionInput> inputs, Func<Prediction, T> finish, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // The window is what bounds the images; here are only results that the caller did not take yet.
        Channel<T> results = Channel.CreateBounded<T>(1);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(RunAll) { IsBackground = true, Name = "deliver" }.UnsafeStart();
        try
        {
            await foreach (T result in results.Reader.ReadAllAsync(CancellationToken.None))
                yield return result;
        }
        finally
        {
            // Also when the caller stops early: no thread outlives the enumeration.
            await stop.CancelAsync();
            await ended.Task;
        }

        cancellation.ThrowIfCancellationRequested();

        void RunAll()
        {
            try
            {
                Run(inputs, finish, Deliver, stop.Token);
                results.Writer.Complete();
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                results.Writer.Complete(new OperationCanceledException(cancellation));
            }
            catch (Exception exception)
            {
                results.Writer.Complete(exception);
            }

            ended.SetResult();
        }

        void Deliver(T result)
        {
            if (!results.Writer.TryWrite(result))
                results.Writer.WriteAsync(result, stop.Token).AsTask().GetAwaiter().GetResult();
        }
    }
}
