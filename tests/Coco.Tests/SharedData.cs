using System.Runtime.CompilerServices;

namespace MaskRcnn.Coco.Tests;

/// <summary>
/// Real data that may lie beside the repository in <c>../shared/data</c>. Tests that need it are skipped, and counted
/// apart, where it is absent; no claim rests on them alone.
/// </summary>
public static class SharedData
{
    public const string SkipReason = "../shared/data is not beside the repository.";

    private static readonly string Folder = System.IO.Path.GetFullPath(System.IO.Path.Combine(Here(), "../../../shared/data"));

    public static bool IsThere => Directory.Exists(Folder);

    public static string Path(string name) => System.IO.Path.Combine(Folder, name);

    private static string Here([CallerFilePath] string file = "") => System.IO.Path.GetDirectoryName(file)!;
}
