namespace MaskRcnn.Detection.Tests.Training.Data;

/// <summary>The smallest image file: a bitmap whose pixels say where they are.</summary>
internal static class BmpFile
{
    public static byte[] Create(int width, int height)
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
        for (int y = 0; y < height; y++)
        {
            // From the lowest row; blue, green, red.
            for (int x = 0; x < width; x++) (file[54 + (height - 1 - y) * row + x * 3 + 2], file[54 + (height - 1 - y) * row + x * 3 + 1]) = ((byte)x, (byte)y);
        }
        return file;

        void Write(int at, int value) => BitConverter.TryWriteBytes(file.AsSpan(at), value);
    }
}
