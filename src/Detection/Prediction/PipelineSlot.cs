using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Prediction;

/// <summary>An input on its way through the stages; one stage has it at a time.</summary>
internal class PipelineSlot(int index, PredictionInput input)
{
    public PredictionInput Input => input;

    public DecodedImage? Decoded { get; set; }

    public (int Height, int Width) PaddedSize { get; set; }

    public UnencodedDetections? Found { get; set; }

    public ImageDetections? Detections { get; set; }

    /// <summary>Why there will be no detections; what is left of the work is skipped.</summary>
    public Exception? Error { get; set; }

    public PredictionTimings Timings { get; set; }

    /// <summary>Whether the image's work goes on: there is no error, and it is still wanted.</summary>
    public bool GoesOn()
    {
        if (Error is null && input.Dropped.IsCancellationRequested)
            Error = new OperationCanceledException($"{input.Name}: its result is not wanted any more.", input.Dropped);
        return Error is null;
    }

    /// <summary>What became of the input.</summary>
    public Prediction ToPrediction() =>
        new(index, Decoded?.Image, Decoded?.Warnings ?? [], Error is null ? Detections : null, Error) { Tag = input.Tag, Timings = Timings };
}

/// <summary>An input, and what the caller makes of its prediction.</summary>
internal sealed class PipelineSlot<T>(int index, PredictionInput input) : PipelineSlot(index, input)
{
    /// <summary>The result, once <see cref="IsDone"/>.</summary>
    public T? Result { get; set; }

    /// <summary>What the caller's function threw.</summary>
    public Exception? Failure { get; set; }

    public bool IsDone { get; set; }
}
