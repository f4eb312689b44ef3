namespace MaskRcnn.Detection.Images;

/// <summary>EXIF's orientation: where the first row and the first column of the stored image belong.</summary>
internal static class ImageOrientation
{
    /// <summary>The image as it is to be looked at.</summary>
    /// <param name="image">The pixels as stored.</param>
    /// <param name="orientation">1 to 8; anything else means nothing, as does 1.</param>
    public static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation is < 2 or > 8) return image;
        bool swap = orientation >= 5;
        (int width, int height) = swap ? (image.Height, image.Width) : (image.Width, image.Height);
        bool fromRight = orientation is 2 or 3 or 7 or 8, fromBottom = orientation is 3 or 4 or 6 or 7;
        var pixels = new byte[image.Pixels.Length];
        long to = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, to += 3)
            {
                (int column, int row) = swap ? (y, x) : (x, y);
                if (fromRight) column = image.Width - 1 - column;
                if (fromBottom) row = image.Height - 1 - row;
                long from = ((long)row * image.Width + column) * 3;
                pixels[to] = image.Pixels[from];
                pixels[to + 1] = image.Pixels[from + 1];
                pixels[to + 2] = image.Pixels[from + 2];
            }
        }
        return new RgbImage(width, height, pixels);
    }
}
