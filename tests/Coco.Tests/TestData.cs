using System.Runtime.CompilerServices;

namespace MaskRcnn.Coco.Tests;

/// <summary>Where the golden data lies; it was made with pycocotools 2.0.11.</summary>
internal static class TestData
{
    public static string Path(string name) => System.IO.Path.Combine(Folder, name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    private static string Folder { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(Here(), "../data/coco"));

    private static string Here([CallerFilePath] string file = "") => System.IO.Path.GetDirectoryName(file)!;
}
