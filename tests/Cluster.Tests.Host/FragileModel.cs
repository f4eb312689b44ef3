using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Cluster.Tests.Host;

/// <summary>
/// Finds one object in each image, but for two widths. It counts: each image that it has looked at is a byte in the process's file in the
/// cache's folder. While the file <c>pace</c> is there, an image takes as many milliseconds as that has bytes. Its device can fail, see <see cref="FaultyDevice"/>.
/// </summary>
internal sealed class FragileModel(string folder) : IImageModel
{
    private readonly string _count = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"inferred-{Environment.ProcessId}"));
    private readonly Lock _gate = new();
    private readonly FaultyDevice _device = new(folder);

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
        _device.LookAt(images.Count);
        foreach (RgbImage _ in images) LookAt(cancellation);
        return [.. images.Select(image => new UnencodedDetections(new ImageDetections(image.Width, image.Height,
            [new DetectedInstance { Label = 1, Score = 1, Box = new Box(0, 0, image.Width, image.Height) }])))];
    }

    private void LookAt(CancellationToken cancellation)
    {
        var pace = new FileInfo(Path.Combine(folder, "pace"));
        if (pace.Exists) cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(pace.Length));
        lock (_gate)
        {
            Directory.CreateDirectory(folder);
            File.AppendAllText(_count, ".");
        }
    }
}
