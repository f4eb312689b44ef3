using System.Collections.Concurrent;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Tests.Prediction;

/// <summary>A model that does what a test asks for, and finds one object in each image.</summary>
internal sealed class FakeModel(Action<IReadOnlyList<RgbImage>>? infer = null) : IImageModel
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Sizes of the batches so far.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    public bool NeedsPixels { get; init; } = true;

    public (int Height, int Width) PaddedSizeOf(int height, int width) => ((height + 31) / 32 * 32, (width + 31) / 32 * 32);

    public IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation)
    {
        Batches.Enqueue(images.Count);
        infer?.Invoke(images);
        return [.. images.Select(image => new UnencodedDetections(new ImageDetections(image.Width, image.Height, [new DetectedInstance { Label = 1, Score = 1, Box = new Box(0, 0, image.Width, image.Height) }])))];
    }

    /// <summary>An image file of a size.</summary>
    public static byte[] Bmp(int width = 8, int height = 8)
    {
        int row = (width * 3 + 3) / 4 * 4;
        byte[] file = new byte[54 + row * height];
        "BM"u8.CopyTo(file);
        Write(2, file.Length);
        Write(10, 54);
        Write(14, 40);
        Write(18, width);
        Write(22, height);
        Write(26, 1 | (24 << 16));
        return file;

        void Write(int at, int value) => BitConverter.TryWriteBytes(file.AsSpan(at), value);
    }
}
