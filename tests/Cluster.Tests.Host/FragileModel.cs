using System.Diagnostics;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Cluster.Tests.Host;

/// <summary>Finds one object in each image, but for two widths.</summary>
internal sealed class FragileModel : IImageModel
{
    /// <summary>The process dies, as by a fault in native code.</summary>
    private const int Deadly = 13;

    /// <summary>Nothing ever comes back.</summary>
    private const int Endless = 17;

    public bool NeedsPixels => true;

    public (int Height, int Width) PaddedSizeOf(int height, int width) => (32, 32);

    public IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation)
    {
        if (images.Any(image => image.Width == Deadly)) Process.GetCurrentProcess().Kill();
        if (images.Any(image => image.Width == Endless))
        {
            using var never = new ManualResetEvent(false);
            never.WaitOne();
        }
        return [.. images.Select(image => new UnencodedDetections(new ImageDetections(image.Width, image.Height,
            [new DetectedInstance { Label = 1, Score = 1, Box = new Box(0, 0, image.Width, image.Height) }])))];
    }
}
