using System.Buffers;
using System.Runtime.InteropServices;
using MaskRcnn.Detection.Images;
using SkiaSharp;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>Small pictures of images, made on the calling thread.</summary>
/// <remarks>
/// The pixels are first averaged in whole blocks, which needs no copy of a large image; Skia then does what is left, a
/// factor between 1 and 2, and the JPEG.
/// </remarks>
internal static class Thumbnail
{
    /// <summary>The longest side in pixels.</summary>
    public const int Side = 256;

    private const int Quality = 80;

    /// <summary>A JPEG of the image, its longest side <see cref="Side"/> pixels or as it was if that is less.</summary>
    public static byte[] ToJpeg(RgbImage image)
    {
        (int width, int height) = Size(image.Width, image.Height);
        int across = image.Width / width, down = image.Height / height;
        int blockWidth = image.Width / across, blockHeight = image.Height / down;
        byte[] blocks = ArrayPool<byte>.Shared.Rent(4 * blockWidth * blockHeight);
        byte[] scaled = ArrayPool<byte>.Shared.Rent(4 * width * height);
        GCHandle blocksPin = GCHandle.Alloc(blocks, GCHandleType.Pinned), scaledPin = GCHandle.Alloc(scaled, GCHandleType.Pinned);
        try
        {
            BlockAverage.ToRgba(image, across, down, blocks);
            using var source = new SKPixmap(Info(blockWidth, blockHeight), blocksPin.AddrOfPinnedObject());
            using var target = new SKPixmap(Info(width, height), scaledPin.AddrOfPinnedObject());
            bool isSame = blockWidth == width && blockHeight == height;
            if (!isSame && !source.ScalePixels(target, new SKSamplingOptions(SKFilterMode.Linear))) throw Failed(image);
            using SKData jpeg = (isSame ? source : target).Encode(new SKJpegEncoderOptions(Quality)) ?? throw Failed(image);
            return jpeg.ToArray();
        }
        finally
        {
            blocksPin.Free();
            scaledPin.Free();
            ArrayPool<byte>.Shared.Return(blocks);
            ArrayPool<byte>.Shared.Return(scaled);
        }
    }

    private static (int Width, int Height) Size(int width, int height)
    {
        int longest = Math.Max(width, height);
        return longest <= Side ? (width, height) : (Scaled(width), Scaled(height));

        int Scaled(int side) => Math.Max(1, (int)Math.Round((double)side * Side / longest));
    }

    private static SKImageInfo Info(int width, int height) => new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);

    private static InvalidOperationException Failed(RgbImage image) => new($"The thumbnail of an image of {image.Width}×{image.Height} pixels could not be made.");
}
