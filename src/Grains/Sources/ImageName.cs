using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources;

/// <summary>Names of images as files from outside say them.</summary>
internal static class ImageName
{
    /// <summary>The name as results have it: <c>find</c> and <c>tar</c> put <c>./</c> before it.</summary>
    public static string Normal(string name)
    {
        int start = 0;
        while (name.AsSpan(start).StartsWith("./")) start += 2;
        return name[start..];
    }

    /// <summary>Why this is no image's name, as a clause; null when it is one. What leads out of the collection never is.</summary>
    public static string? Fault(string name) => name switch
    {
        _ when name.StartsWith('/') => "it is an absolute path",
        _ when name.Contains("://", StringComparison.Ordinal) => "it is a URI",
        _ => BlobName.Fault(name),
    };
}
