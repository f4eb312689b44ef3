using System.Buffers;
using System.Runtime.InteropServices;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>An image's masks as one picture: a pixel is the number of its instance, from 1, in the image's JSON; 0 is background.</summary>
internal static class LabelMap
{
    /// <summary>The map as a greyscale PNG of the image's size, 8 bits for up to 255 instances, else 16. Where masks overlap, the better score wins.</summary>
    /// <exception cref="ArgumentException">A mask has another size than the image, or there are over 65 535 instances.</exception>
    public static byte[] ToPng(ImageDetections detections)
    {
        int pixels = checked(detections.Width * detections.Height);
        return detections.Instances.Count switch
        {
            <= byte.MaxValue => Paint<byte>(detections, pixels, label => (byte)label),
            // PNG has the high byte first.
            <= ushort.MaxValue => Paint<ushort>(detections, pixels, label => (ushort)(BitConverter.IsLittleEndian ? (label << 8 | label >> 8) : label)),
            int count => throw new ArgumentException($"{count} instances in one image; a PNG label map has at most {ushort.MaxValue}.", nameof(detections)),
        };
    }

    private static byte[] Paint<T>(ImageDetections detections, int pixels, Func<int, T> label) where T : unmanaged
    {
        T[] map = ArrayPool<T>.Shared.Rent(pixels);
        try
        {
            Span<T> image = map.AsSpan(0, pixels);
            image.Clear();
            for (int i = detections.Instances.Count - 1; i >= 0; i--)
            {
                if (detections.Instances[i].Mask is not { } mask) continue;
                if (mask.Height != detections.Height || mask.Width != detections.Width)
                    throw new ArgumentException($"Instance {i} has a mask of {mask.Width}×{mask.Height} pixels in an image of {detections.Width}×{detections.Height}.", nameof(detections));
                RleDense.Paint(mask, image, label(i + 1));
            }
            ReadOnlySpan<byte> samples = MemoryMarshal.AsBytes(image);
            return GreyPng.Encode(samples, detections.Width, detections.Height, bits: 8 * samples.Length / Math.Max(1, pixels));
        }
        finally
        {
            ArrayPool<T>.Shared.Return(map);
        }
    }
}
