using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>The median of each of an image's channels.</summary>
internal static class MedianColor
{
    /// <summary>Red, green and blue; of an even number of pixels the lower of the two in the middle.</summary>
    public static byte[] Of(RgbImage image)
    {
        int[] red = new int[256], green = new int[256], blue = new int[256];
        byte[] pixels = image.Pixels;
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            red[pixels[i]]++;
            green[pixels[i + 1]]++;
            blue[pixels[i + 2]]++;
        }
        int half = (pixels.Length / 3 + 1) / 2;
        return [Median(red, half), Median(green, half), Median(blue, half)];
    }

    private static byte Median(int[] counts, int half)
    {
        int value = 0;
        for (int below = counts[0]; below < half; below += counts[value]) value++;
        return (byte)value;
    }
}
