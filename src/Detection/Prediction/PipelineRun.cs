using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Prediction;

/// <summary>One run of a pipeline: its queues and its threads.</summary>
internal sealed class PipelineRun<T>(IImageModel model, PredictionOptions options, InFlightImages inFlight, ModelStage stage, Func<Prediction, T> finish) : IDisposable
{
    /// <summary>All that is in flight, in the order of the inputs: what bounds it. The other queues hold no more than this one.</summary>
    private readonly StageQueue<PipelineSlot<T>> _ordered = new(options.Window);
    private readonly StageQueue<PipelineSlot<T>> _toDecode = new();
    private readonly StageQueue<PipelineSlot<T>> _toInfer = new();
    private readonly StageQueue<PipelineSlot<T>> _toFinish = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly object _finished = new();
    private Exception? _failure;
    private volatile bool _inInputs;

    /// <summary>What waits now.</summary>
    public PipelineDepths Depths => new(_ordered.Count, _toDecode.Count, _toInfer.Count, _toFinish.Count);

    /// <summary>Runs it on this thread and those it starts, which have ended when it returns.</summary>
    public void Run(Func<CancellationToken, IEnumerable<PredictionInput>> inputs, Action<T> deliver, CancellationToken cancellation)
    {
        CancellationToken stopped = _stop.Token;
        using CancellationTokenRegistration waking = stopped.Register(Wake);
        using CancellationTokenRegistration cancelling = cancellation.Register(_stop.Cancel);
        Thread feeding = Stage("inputs", 1, () => Feed(inputs, stopped), _ordered.Complete, _toDecode.Complete)[0];
        Thread[] threads =
        [
            .. Stage("decode", options.Decoders, Decode, _toInfer.Complete),
            .. Stage("infer", options.Inferences, () => Infer(stopped), _toFinish.Complete),
            .. Stage("finish", options.Finishers, Finish),
        ];
        try
        {
            while (_ordered.TryTake(out PipelineSlot<T>? slot) && IsDone(slot))
            {
                if (slot.Failure is not null)
                    ExceptionDispatchInfo.Throw(slot.Failure);
                deliver(slot.Result!);
            }
        }
        finally
        {
            _stop.Cancel();
            Array.ForEach(threads, thread => thread.Join());
            // The caller's inputs may block for as long as they like, even when they were told to stop.
            if (!_inInputs)
                feeding.Join();
        }

        cancellation.ThrowIfCancellationRequested();
        // The inputs may fail when all results so far are out.
        if (_failure is not null)
            throw new InvalidOperationException($"Prediction stopped: {_failure.Message}", _failure);
    }

    /// <summary>After the run.</summary>
    public void Dispose() => _stop.Dispose();

    /// <summary>Waits for a result; false when the run was stopped.</summary>
    private bool IsDone(PipelineSlot<T> slot)
    {
        lock (_finished)
        {
            while (!slot.IsDone && !_stop.IsCancellationRequested)
                Monitor.Wait(_finished);
            return !_stop.IsCancellationRequested;
        }
    }

    private void Wake()
    {
        _ordered.Stop();
        _toDecode.Stop();
        _toInfer.Stop();
        _toFinish.Stop();
        lock (_finished)
            Monitor.PulseAll(_finished);
    }

    /// <summary>Starts a stage on threads of its own. When one fails, all stop; the last to end tells the next stage.</summary>
    private Thread[] Stage(string name, int count, Action work, params Action[] complete)
    {
        int left = count;
        Thread[] threads = [.. Enumerable.Range(1, count).Select(i => new Thread(Work) { IsBackground = true, Name = $"{name} {i}" })];
        Array.ForEach(threads, thread => thread.UnsafeStart());
        return threads;

        void Work()
        {
            try
            {
                work();
            }
            catch (Exception exception)
            {
                // What is cancelled because of a failure is not the failure.
                if (!_stop.IsCancellationRequested)
                {
                    Interlocked.CompareExchange(ref _failure, exception, null);
                    _stop.Cancel();
                }
            }

            if (Interlocked.Decrement(ref left) == 0)
                Array.ForEach(complete, action => action());
        }
    }

    private void Feed(Func<CancellationToken, IEnumerable<PredictionInput>> inputs, CancellationToken stop)
    {
        int index = 0;
        try
        {
            if (!Enter())
                return;
            foreach (PredictionInput input in inputs(stop))
            {
                _inInputs = false;
                PipelineSlot<T> slot = new(index++, input);
                if (!_ordered.Put(slot) || !_toDecode.Put(slot))
                    return;
                if (!Enter())
                    return;
            }
        }
        finally
        {
            _inInputs = false;
        }

        // In this order: who stops the run either sees that the inputs are being read, or they are not read any more.
        bool Enter()
        {
            _inInputs = true;
            Interlocked.MemoryBarrier();
            return !stop.IsCancellationRequested;
        }
    }

    private void Decode()
    {
        while (_toDecode.TryTake(out PipelineSlot<T>? slot))
        {
            try
            {
                if (slot.GoesOn())
                    Read(slot);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                // Whatever is wrong with an image is its result.
                slot.Error = exception;
            }

            if (slot.Error is null && model.NeedsPixels)
                _toInfer.Put(slot);
            else
                _toFinish.Put(slot);
        }
    }

    private void Read(PipelineSlot<T> slot)
    {
        long start = Stopwatch.GetTimestamp();
        byte[] encoded;
        try
        {
            encoded = slot.Input.Read();
        }
        finally
        {
            slot.Timings = slot.Timings with { Read = Stopwatch.GetElapsedTime(start), ReadEnd = Stopwatch.GetTimestamp() };
        }

        if (!model.NeedsPixels)
        {
            slot.Detections = new ImageDetections(0, 0, []);
        }
        else if (slot.GoesOn())
        {
            TimeSpan time = inFlight.Measure([slot], () => slot.Decoded = ImageDecoder.Decode(encoded, slot.Input.Name, options.Decoding));
            slot.Timings = slot.Timings with { Decode = time, DecodeEnd = Stopwatch.GetTimestamp() };
            slot.PaddedSize = model.PaddedSizeOf(slot.Decoded!.Image.Height, slot.Decoded.Image.Width);
        }
    }

    private void Infer(CancellationToken stop)
    {
        while (_toInfer.Take(waiting => NextBatch.Of(waiting, stage.LargestBatch)) is { Count: > 0 } batch)
        {
            stage.Run(batch, stop);
            foreach (PipelineSlot<T> slot in batch)
                _toFinish.Put(slot);
        }
    }

    private void Finish()
    {
        while (_toFinish.TryTake(out PipelineSlot<T>? slot))
        {
            try
            {
                Encode(slot);
                slot.Result = finish(slot.ToPrediction());
            }
            catch (Exception exception)
            {
                // The caller's own error: it gets it where it waits for this result.
                slot.Failure = exception;
            }

            // The pixels may go while the result waits for its turn.
            slot.Decoded = null;
            lock (_finished)
            {
                slot.IsDone = true;
                Monitor.PulseAll(_finished);
            }
        }
    }

    private void Encode(PipelineSlot<T> slot)
    {
        if (!slot.GoesOn() || slot.Found is not { } found)
            return;
        slot.Found = null;
        try
        {
            TimeSpan time = inFlight.Measure([slot], () => slot.Detections = found.Encode());
            slot.Timings = slot.Timings with { Encode = time };
        }
        catch (Exception exception)
        {
            slot.Error = exception;
        }
    }
}
