using System.Diagnostics;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Prediction;

/// <summary>
/// The model within a run: what a failure of a batch means. What does not fit in memory is tried in halves, and batches stay
/// that small; what fails otherwise is tried one by one, so that only the image that fails is lost.
/// </summary>
internal sealed class ModelStage(IImageModel model, PredictionOptions options, InFlightImages inFlight) : IDisposable
{
    /// <summary>Held for reading by batches beside others, for writing by one that has the device for itself.</summary>
    private readonly ReaderWriterLockSlim _device = new();
    private readonly Lock _gate = new();
    private int _largest = options.BatchSize;
    private volatile bool _oneAtATime;

    /// <summary>Most images in a batch now.</summary>
    public int LargestBatch => Volatile.Read(ref _largest);

    /// <summary>Runs the model on a batch. Each image then has detections or an error.</summary>
    public void Run(IReadOnlyList<PipelineSlot> batch, CancellationToken stop)
    {
        PipelineSlot[] wanted = [.. batch.Where(image => image.GoesOn())];
        if (wanted.Length == 0)
            return;
        Exception? error = Try(wanted, alone: _oneAtATime, stop);
        if (error is null)
            return;
        bool memory = OutOfDeviceMemoryException.IsCauseOf(error);
        if (wanted.Length == 1)
            RunAlone(wanted[0], error, memory, stop);
        else if (memory)
            RunHalves(wanted, stop);
        else
            Array.ForEach(wanted, image => Run([image], stop));
    }

    public void Dispose() => _device.Dispose();

    private void RunAlone(PipelineSlot image, Exception error, bool memory, CancellationToken stop)
    {
        // Another batch may have held the memory that was missing; whether an image fits must not depend on its company.
        if (memory && !_oneAtATime && options.Inferences > 1)
        {
            if (Try([image], alone: true, stop) is not { } second)
            {
                _oneAtATime = true;
                return;
            }

            (error, memory) = (second, OutOfDeviceMemoryException.IsCauseOf(second));
        }

        RgbImage pixels = image.Decoded!.Image;
        image.Error = memory ? new OutOfDeviceMemoryException(image.Input.Name, pixels.Width, pixels.Height, error) : error;
    }

    private void RunHalves(PipelineSlot[] batch, CancellationToken stop)
    {
        int half = batch.Length / 2, largest;
        bool changed;
        lock (_gate)
        {
            // Two batches may fail at a time; that halves once.
            changed = half < _largest;
            if (changed)
                _largest = half;
            largest = _largest;
        }

        if (changed)
            options.BatchHalved?.Invoke(largest);
        // The first part may halve the largest batch again.
        for (int first = 0, count; first < batch.Length; first += count)
        {
            count = Math.Min(LargestBatch, batch.Length - first);
            Run(batch[first..(first + count)], stop);
        }
    }

    private Exception? Try(PipelineSlot[] batch, bool alone, CancellationToken stop)
    {
        Exception? error = null;
        Enter(alone);
        TimeSpan time;
        try
        {
            stop.ThrowIfCancellationRequested();
            time = inFlight.Measure(batch, () =>
            {
                try
                {
                    IReadOnlyList<UnencodedDetections> found = model.Infer([.. batch.Select(image => image.Decoded!.Image)], stop);
                    for (int i = 0; i < batch.Length; i++)
                        batch[i].Found = found[i];
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
                {
                    error = exception;
                }
            });
        }
        finally
        {
            Leave(alone);
        }

        long end = Stopwatch.GetTimestamp();
        foreach (PipelineSlot image in batch)
            image.Timings = image.Timings with { Infer = image.Timings.Infer + time, InferEnd = end };
        return error;
    }

    private void Enter(bool alone)
    {
        if (alone)
            _device.EnterWriteLock();
        else
            _device.EnterReadLock();
    }

    private void Leave(bool alone)
    {
        if (alone)
            _device.ExitWriteLock();
        else
            _device.ExitReadLock();
    }
}
