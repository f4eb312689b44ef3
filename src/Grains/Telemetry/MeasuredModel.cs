using System.Diagnostics;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Grains.Telemetry;

/// <summary>A model whose calls are measured.</summary>
internal sealed class MeasuredModel(IImageModel model, string device, DeviceClock clock) : IImageModel
{
    public bool NeedsPixels => model.NeedsPixels;

    public (int Height, int Width) PaddedSizeOf(int height, int width) => model.PaddedSizeOf(height, width);

    public IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        clock.Enter();
        try
        {
            return model.Infer(images, cancellation);
        }
        finally
        {
            clock.Leave();
            WorkerMetrics.Stage(Stages.Infer, device, Stopwatch.GetElapsedTime(start));
        }
    }
}
