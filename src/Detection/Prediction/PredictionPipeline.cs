using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Prediction;

/// <summary>
/// Decoding, inference and encoding at the same time: while the model computes, other threads decode the next images
/// and encode the last ones. Results come in the order of the inputs; a bad image is a result, too. The number of
/// images in memory is bounded.
/// </summary>
/// <remarks>
/// Only images of equal padded size share a batch, so that none is padded for another's sake, and an image's result
/// does not depend on its company.
/// </remarks>
public sealed class PredictionPipeline(Detector detector, PredictionOptions options)
{
    private const int Finishers = 2;

    /// <summary>Predicts on each input.</summary>
    /// <param name="inputs">The images; the sequence is read as work proceeds.</param>
    /// <param name="finish">Makes a result of a prediction, on one of the pipeline's threads: what should not wait for the model.</param>
    /// <param name="cancellation">Stops the work within one batch.</param>
    /// <returns>A result for each input, in their order.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<T> RunAsync<T>(IEnumerable<PredictionInput> inputs, Func<Prediction, T> finish, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Exception? failure = null;
        int window = (options.Inferences + 1) * options.BatchSize + options.Decoders + 2;
        // A window of results in order: what bounds the images in flight.
        Channel<Task<T>> results = Channel.CreateBounded<Task<T>>(window);
        Channel<Slot<T>> toDecode = Channel.CreateBounded<Slot<T>>(window);
        Channel<Slot<T>> toInfer = Channel.CreateUnbounded<Slot<T>>();
        Channel<Slot<T>> toFinish = Channel.CreateUnbounded<Slot<T>>();

        Task feeding = Stage(1, () => FeedAsync(inputs, results.Writer, toDecode.Writer, stop.Token), () => toDecode.Writer.Complete());
        Task decoding = Stage(options.Decoders, () => DecodeAsync(toDecode.Reader, toInfer.Writer, toFinish.Writer, stop.Token), () => toInfer.Writer.Complete());
        Task inferring = Stage(options.Inferences, () => InferAsync(toInfer.Reader, toFinish.Writer, stop.Token), () => toFinish.Writer.Complete());
        Task finishing = Stage(Finishers, () => FinishAsync(toFinish.Reader, finish, stop.Token), () => { });
        _ = feeding.ContinueWith(_ => results.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (Task<T> result in results.Reader.ReadAllAsync(CancellationToken.None))
                yield return await Finished(result);
        }
        finally
        {
            // Also when the caller stops early: no thread outlives the enumeration.
            await stop.CancelAsync();
            await Task.WhenAll(feeding, decoding, inferring, finishing).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        cancellation.ThrowIfCancellationRequested();
        // The inputs may fail when all results so far are out.
        if (failure is not null)
            throw Stopped(failure);

        async Task<T> Finished(Task<T> result)
        {
            try
            {
                return await result.WaitAsync(stop.Token);
            }
            catch (OperationCanceledException) when (failure is not null && !cancellation.IsCancellationRequested)
            {
                throw Stopped(failure);
            }
        }

        // A stage on a few threads. When it fails, the others stop, and whoever waits for a result gets its error.
        async Task Stage(int threads, Func<Task> work, Action complete)
        {
            try
            {
                await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(work, CancellationToken.None)));
            }
            catch (Exception exception)
            {
                if (exception is not OperationCanceledException)
                    failure ??= exception;
                await stop.CancelAsync();
            }

            complete();
        }
    }

    private static InvalidOperationException Stopped(Exception failure) => new($"Prediction stopped: {failure.Message}", failure);

    private static async Task FeedAsync<T>(IEnumerable<PredictionInput> inputs, ChannelWriter<Task<T>> results, ChannelWriter<Slot<T>> toDecode, CancellationToken stop)
    {
        int index = 0;
        foreach (PredictionInput input in inputs)
        {
            Slot<T> slot = new(index++, input);
            await results.WriteAsync(slot.Result.Task, stop);
            await toDecode.WriteAsync(slot, stop);
        }
    }

    private async Task DecodeAsync<T>(ChannelReader<Slot<T>> slots, ChannelWriter<Slot<T>> decoded, ChannelWriter<Slot<T>> failed, CancellationToken stop)
    {
        await foreach (Slot<T> slot in slots.ReadAllAsync(stop))
        {
            try
            {
                slot.Decoded = ImageDecoder.Decode(slot.Input.Read(), slot.Input.Name, options.Decoding);
            }
            catch (Exception exception) when (exception is ImageFormatException or IOException or UnauthorizedAccessException or OutOfMemoryException)
            {
                slot.Error = exception;
            }

            await (slot.Error is null ? decoded : failed).WriteAsync(slot, stop);
        }
    }

    private async Task InferAsync<T>(ChannelReader<Slot<T>> decoded, ChannelWriter<Slot<T>> done, CancellationToken stop)
    {
        // Groups of equal padded size, in order of their first image.
        List<List<Slot<T>>> groups = [];
        while (groups.Count > 0 || await decoded.WaitToReadAsync(stop))
        {
            // The model never waits for a group to fill up while there is something to do.
            while (!groups.Exists(group => group.Count >= options.BatchSize) && decoded.TryRead(out Slot<T>? slot))
                Add(groups, slot);
            if (groups.Count == 0)
                continue;
            List<Slot<T>> batch = groups.Find(group => group.Count >= options.BatchSize) ?? groups[0];
            groups.Remove(batch);
            Infer(batch, stop);
            foreach (Slot<T> slot in batch)
                await done.WriteAsync(slot, stop);
        }

        void Add(List<List<Slot<T>>> all, Slot<T> slot)
        {
            slot.PaddedSize = detector.Transform.PaddedSizeOf(slot.Decoded!.Image.Height, slot.Decoded.Image.Width);
            if (all.Find(group => group[0].PaddedSize == slot.PaddedSize && group.Count < options.BatchSize) is { } existing)
                existing.Add(slot);
            else
                all.Add([slot]);
        }
    }

    /// <summary>Runs the model. What fails together is tried one by one, so that only the image that fails is lost.</summary>
    private void Infer<T>(List<Slot<T>> batch, CancellationToken stop)
    {
        try
        {
            IReadOnlyList<UnencodedDetections> found = detector.Infer([.. batch.Select(slot => slot.Decoded!.Image)], clock: null, stop);
            for (int i = 0; i < batch.Count; i++)
                batch[i].Found = found[i];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (batch.Count == 1)
                batch[0].Error = exception;
            else
                batch.ForEach(slot => Infer([slot], stop));
        }
    }

    private static async Task FinishAsync<T>(ChannelReader<Slot<T>> done, Func<Prediction, T> finish, CancellationToken stop)
    {
        await foreach (Slot<T> slot in done.ReadAllAsync(stop))
        {
            try
            {
                slot.Result.SetResult(finish(new Prediction(slot.Index, slot.Decoded?.Image, slot.Decoded?.Warnings ?? [], slot.Found?.Encode(), slot.Error)));
            }
            catch (Exception exception)
            {
                // The caller's own error, or a fault of ours: whoever waits for this result gets it.
                slot.Result.SetException(exception);
            }
        }
    }

    /// <summary>An input on its way through the stages; one stage has it at a time.</summary>
    private sealed class Slot<T>(int index, PredictionInput input)
    {
        public int Index { get; } = index;

        public PredictionInput Input { get; } = input;

        public TaskCompletionSource<T> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DecodedImage? Decoded { get; set; }

        public (int Height, int Width) PaddedSize { get; set; }

        public UnencodedDetections? Found { get; set; }

        public Exception? Error { get; set; }
    }
}
