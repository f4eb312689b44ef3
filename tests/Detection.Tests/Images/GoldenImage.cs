using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Tests.Images;

/// <summary>A file of tests/data/detection/images and what Pillow makes of it; the folder's README says how it was made.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Sha256">Of Pillow's RGB pixels.</param>
/// <param name="Reference">For formats with loss: a PNG with Pillow's pixels, from which a pixel may differ by 2.</param>
/// <param name="Orientation">The EXIF orientation that is to be applied, or 0.</param>
/// <param name="Stretch">Whether the image is to be stretched.</param>
/// <param name="Warnings">How many warnings it gives.</param>
public sealed record GoldenImage(
    string File, int Width, int Height, string Sha256, string? Reference = null, int Orientation = 0, bool Stretch = false, int Warnings = 0)
{
    // Before All, which needs it.
    private static string Folder { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(Here(), "../../data/detection/images"));

    public static IReadOnlyList<GoldenImage> All { get; } =
        JsonSerializer.Deserialize<GoldenImage[]>(Bytes("manifest.json"), JsonSerializerOptions.Web)!;

    public ImageDecodeOptions Options => new() { Stretch = Stretch, ApplyOrientation = Orientation > 0 };

    public static byte[] Bytes(string name) => System.IO.File.ReadAllBytes(Path(name));

    public static string Path(string name) => System.IO.Path.Combine(Folder, name);

    public static string Hash(RgbImage image) => Convert.ToHexStringLower(SHA256.HashData(image.Pixels));

    private static string Here([CallerFilePath] string file = "") => System.IO.Path.GetDirectoryName(file)!;
}
