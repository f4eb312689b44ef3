namespace MaskRcnn.Coco.Datasets;

/// <summary>Names that stand in files.</summary>
internal static class FileNames
{
    /// <summary>Whether a name is a relative path that stays within its folder, whatever the system; subfolders are allowed.</summary>
    public static bool StayInside(string name)
    {
        string[] parts = name.Split('/', '\\');
        bool absolute = name.StartsWith('/') || name.StartsWith('\\') || name.Contains(':');
        return !absolute && parts[^1] is not ("" or ".") && !parts.Contains("..") && name.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0;
    }
}
