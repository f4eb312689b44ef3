using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Chaos.Host;

/// <summary>
/// The model, slowed down without using the processor. Each image has its number in its first pixel (red and 256 times green),
/// and goes, with the time, into a file of this process. An image of one width kills the process, as a fault in native code does.
/// </summary>
internal sealed class ObservedModel(IImageModel model) : IImageModel
{
    private const int Deadly = 13;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(double.Parse(Environment.GetEnvironmentVariable("MASKRCNN_CHAOS_PACE")!, CultureInfo.InvariantCulture));

    private static readonly Lock Writing = new();

    private static readonly string Log = Path.Combine(Environment.GetEnvironmentVariable("MASKRCNN_CHAOS_LOG")!, $"{Environment.ProcessId}.log");

    public bool NeedsPixels => model.NeedsPixels;

    public (int Height, int Width) PaddedSizeOf(int height, int width) => model.PaddedSizeOf(height, width);

    public IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation)
    {
        if (images.Any(image => image.Width == Deadly)) Process.GetCurrentProcess().Kill();
        lock (Writing) File.AppendAllLines(Log, images.Select(image => string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():O} {image.Pixels[0] + 256 * image.Pixels[1]}")));
        cancellation.WaitHandle.WaitOne(Pace * images.Count);
        return model.Infer(images, cancellation);
    }
}
