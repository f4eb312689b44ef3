using MaskRcnn.Detection.Images;

namespace MaskRcnn.Client.Demo;

/// <summary>
/// Microscopes record in grey values that a screen shows nearly black. For the eye alone, not for the model, an image's values are
/// stretched to its darkest and lightest hundredths, and its shadows lifted.
/// </summary>
internal static class Brightening
{
    private const double Darkest = .01, Lightest = .998;
    private const double Gamma = .7;

    /// <summary>Grey values that an image is stretched to; above them its overlay's outlines stand out.</summary>
    private const double Low = 14, High = 225;

    public static RgbImage Of(RgbImage image)
    {
        int[] histogram = new int[256];
        foreach (byte value in image.Pixels) histogram[value]++;
        double from = Percentile(histogram, Darkest), to = Math.Max(from + 1, Percentile(histogram, Lightest));
        byte[] table = [.. Enumerable.Range(0, 256).Select(value => (byte)(Low + (High - Low) * Math.Pow(Math.Clamp((value - from) / (to - from), 0, 1), Gamma)))];
        return new RgbImage(image.Width, image.Height, [.. image.Pixels.Select(value => table[value])]);
    }

    private static int Percentile(int[] histogram, double part)
    {
        long all = histogram.Sum(count => (long)count), seen = 0;
        for (int value = 0; value < histogram.Length; value++)
        {
            seen += histogram[value];
            if (seen >= part * all) return value;
        }
        return histogram.Length - 1;
    }
}
