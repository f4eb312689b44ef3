using System.Buffers;
using System.Runtime.InteropServices;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.LabelMap;

/// <summary>An image's instances as one picture: a pixel is the number of its instance, from 1; 0 is background.</summary>
public static class LabelMapPng
{
    /// <summary>
    /// The map as a greyscale PNG of the image's size, 8 bits for up to 255 instances, else 16. Where masks overlap, the earlier
    /// instance wins. Equal masks give equal bytes.
    /// </summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="masks">The instances' masks, best score first; null leaves an instance's number out of the picture.</param>
    /// <exception cref="ArgumentException">A mask has another size than the image, or there are over 65 535 instances.</exception>
    public static byte[] Encode(int width, int height, IReadOnlyList<Rle?> masks)
    {
        ArgumentNullException.ThrowIfNull(masks);
        int pixels = checked(width * height);
        return masks.Count switch
        {
            <= byte.MaxValue => Paint<byte>(width, height, masks, pixels, label => (byte)label),
            // PNG has the high byte first.
            <= ushort.MaxValue => Paint<ushort>(width, height, masks, pixels, label => (ushort)(BitConverter.IsLittleEndian ? (label << 8 | label >> 8) : label)),
            int count => throw new ArgumentException($"{count} instances in one image; a PNG label map has at most {ushort.MaxValue}.", nameof(masks)),
        };
    }

    private static byte[] Paint<T>(int width, int height, IReadOnlyList<Rle?> masks, int pixels, Func<int, T> label) where T : unmanaged
    {
        T[] map = ArrayPool<T>.Shared.Rent(pixels);
        try
        {
            Span<T> image = map.AsSpan(0, pixels);
            image.Clear();
            for (int i = masks.Count - 1; i >= 0; i--)
            {
                if (masks[i] is not { } mask) continue;
                if (mask.Height != height || mask.Width != width)
                    throw new ArgumentException($"Instance {i} has a mask of {mask.Width}×{mask.Height} pixels in an image of {width}×{height}.", nameof(masks));
                RleDense.Paint(mask, image, label(i + 1));
            }
            ReadOnlySpan<byte> samples = MemoryMarshal.AsBytes(image);
            return LabelPngFile.Encode(samples, width, height, bits: 8 * samples.Length / Math.Max(1, pixels));
        }
        finally
        {
            ArrayPool<T>.Shared.Return(map);
        }
    }
}
