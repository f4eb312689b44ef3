using System.Runtime.CompilerServices;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>
/// Saturation and hue as one matrix on red, green and blue: the two colour coordinates of YIQ are scaled and turned,
/// luma stays. Grey pixels stay as they are. The arithmetic is whole numbers, the same on every machine.
/// </summary>
internal sealed class ColorMatrix
{
    /// <summary>Weights of the luma (BT.601).</summary>
    public const double Red = 0.299, Green = 0.587, Blue = 0.114;

    private const int Bits = 14;

    private readonly int[] _entries;

    private ColorMatrix(int[] entries) => _entries = entries;

    /// <summary>The matrix of a change.</summary>
    /// <param name="saturation">What the distance from grey is multiplied by; 0 gives grey.</param>
    /// <param name="hue">By what part of the colour circle colours are turned.</param>
    public static ColorMatrix Of(double saturation, double hue)
    {
        (double sin, double cos) = Math.SinCos(2 * Math.PI * hue);
        (double s, double c) = (saturation * sin, saturation * cos);
        double[] luma = [Red, Green, Blue];
        // From red, green and blue to I and Q (FCC NTSC), and back.
        double[] i = [0.595716, -0.274453, -0.321263], q = [0.211456, -0.522591, 0.311135];
        double[] fromI = [0.9563, -0.2721, -1.1070], fromQ = [0.6210, -0.6474, 1.7046];
        int[] entries = new int[9];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
            {
                double value = luma[column] + fromI[row] * (c * i[column] - s * q[column]) + fromQ[row] * (s * i[column] + c * q[column]);
                entries[row * 3 + column] = (int)Math.Round(value * (1 << Bits));
            }
            // Each row sums to 1, so that grey stays grey to the bit.
            entries[row * 3 + 1] += (1 << Bits) - entries[row * 3] - entries[row * 3 + 1] - entries[row * 3 + 2];
        }
        return new ColorMatrix(entries);
    }

    /// <summary>The changed image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public RgbImage Apply(RgbImage image)
    {
        byte[] from = image.Pixels, to = GC.AllocateUninitializedArray<byte>(from.Length);
        int[] m = _entries;
        (int a, int b, int c, int d, int e, int f, int g, int h, int i) = (m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]);
        for (int at = 0; at + 2 < from.Length; at += 3)
        {
            int red = from[at], green = from[at + 1], blue = from[at + 2];
            to[at] = Level(a * red + b * green + c * blue);
            to[at + 1] = Level(d * red + e * green + f * blue);
            to[at + 2] = Level(g * red + h * green + i * blue);
        }
        return new RgbImage(image.Width, image.Height, to);
    }

    private static byte Level(int value) => (byte)Math.Clamp((value + (1 << (Bits - 1))) >> Bits, 0, 255);
}
