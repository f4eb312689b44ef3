using System.Runtime.CompilerServices;

namespace MaskRcnn.Deploy.Tests;

/// <summary>The files that are tested.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "../.."));

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
