using System.Runtime.CompilerServices;

namespace MaskRcnn.Client.Tests;

/// <summary>The tree that the tests belong to.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "../.."));

    public static string File(string relative) => Path.Combine(Root, relative);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
