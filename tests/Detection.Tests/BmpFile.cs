using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Tests;

/// <summary>Images as files that lose nothing.</summary>
internal static class BmpFile
{
    /// <summary>A black image of 8 rows.</summary>
    public static byte[] Black(int width) => Of(new RgbImage(width, 8, new byte[width * 8 * 3]));

    /// <summary>An image whose pixels say where they are: red is x, green y.</summary>
    public static byte[] Coordinates(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) (pixels[i * 3], pixels[i * 3 + 1]) = ((byte)(i % width), (byte)(i / width));
        return Of(new RgbImage(width, height, pixels));
    }

    /// <summary>24 bits a pixel.</summary>
    public static byte[] Of(RgbImage image)
    {
        const int Header = 54, BitsPerPixel = 24;
        int row = (image.Width * 3 + 3) / 4 * 4;
        byte[] file = new byte[Header + row * image.Height];
        "BM"u8.CopyTo(file);
        foreach ((int at, int value) in new[] { (2, file.Length), (10, Header), (14, 40), (18, image.Width), (22, image.Height), (26, 1 | (BitsPerPixel << 16)) })
            BitConverter.TryWriteBytes(file.AsSpan(at), value);
        for (int y = 0; y < image.Height; y++)
        {
            // From the bottom, blue first.
            Span<byte> to = file.AsSpan(Header + (image.Height - 1 - y) * row);
            ReadOnlySpan<byte> from = image.Pixels.AsSpan(y * image.Width * 3, image.Width * 3);
            for (int x = 0; x < from.Length; x += 3) (to[x], to[x + 1], to[x + 2]) = (from[x + 2], from[x + 1], from[x]);
        }
        return file;
    }
}
