using NetVips;

namespace MaskRcnn.Samples.Tests;

/// <summary>Image files through libvips, which knows nothing of the writer under test.</summary>
internal static class Pictures
{
    /// <summary>The grey values, row by row; a file with a wrong checksum or too little data is an error.</summary>
    public static (int Width, int Height, byte[] Pixels) Decode(byte[] png)
    {
        using Image image = Image.PngloadBuffer(png, failOn: Enums.FailOn.Warning);
        Assert.Equal((1, Enums.BandFormat.Uchar), (image.Bands, image.Format));
        return (image.Width, image.Height, image.WriteToMemory<byte>());
    }
}
