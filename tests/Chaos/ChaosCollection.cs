using System.Globalization;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Tests;

namespace MaskRcnn.Chaos;

/// <summary>A model, and images that are all different: each has its number in its first pixel. Some cannot be read, one may kill its worker.</summary>
internal sealed class ChaosCollection : IDisposable
{
    /// <summary>Images that cannot be read.</summary>
    public const int Broken = 5;

    private const int Deadly = 13;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-chaos-");

    private readonly bool _hasDeadly;

    public ChaosCollection(int images, bool hasDeadly)
    {
        (Count, _hasDeadly) = (images, hasDeadly);
        TinyModel.Write(Model);
        Directory.CreateDirectory(Images);
        RgbImage[] pictures = [.. Enumerable.Range(0, 2).Select(i => ImageDecoder.DecodeFile(Repository.Golden($"tiny_img{i}.png")).Image)];
        for (int i = 0; i < images; i++) File.WriteAllBytes(Path.Combine(Images, NameOf(i)), Content(i, pictures[i % 2]));
    }

    /// <summary>Of all images.</summary>
    public int Count { get; }

    public string Folder => _folder.FullName;

    public string Model => Path.Combine(Folder, "model.safetensors");

    public string Images => Path.Combine(Folder, "images");

    public void Dispose() => _folder.Delete(recursive: true);

    private static string NameOf(int image) => string.Create(CultureInfo.InvariantCulture, $"{image:D4}.bmp");

    /// <summary>Five broken images, spread over the collection, and a deadly one if there is to be one.</summary>
    private byte[] Content(int number, RgbImage picture)
    {
        if (_hasDeadly && number == Count / 4) return BmpFile.Of(new RgbImage(Deadly, 8, new byte[Deadly * 8 * 3]));
        byte[] pixels = [.. picture.Pixels];
        (pixels[0], pixels[1]) = ((byte)number, (byte)(number >> 8));
        byte[] whole = BmpFile.Of(new RgbImage(picture.Width, picture.Height, pixels));
        return (number % (Count / Broken)) switch
        {
            7 when number < Count / Broken => [],
            7 => whole[..(whole.Length / 2)],
            _ => whole,
        };
    }
}
