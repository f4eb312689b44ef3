using System.Globalization;
using MaskRcnn.Storage;

namespace MaskRcnn.Silo.Doctor;

/// <summary>Whether models can be kept.</summary>
internal static class CacheCheck
{
    private const string Name = "cache";
    private const long FewBytes = 1L << 30;

    public static Finding Run(string cache)
    {
        string folder = Path.GetFullPath(BlobUri.LocalPath(cache)!);
        string there = folder;
        while (!Path.Exists(there) && Path.GetDirectoryName(there) is { } above) there = above;
        string probe = Path.Combine(there, $".doctor-{Guid.NewGuid():N}");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
            long free = new DriveInfo(there).AvailableFreeSpace;
            string seen = string.Create(CultureInfo.InvariantCulture, $"Worker:Cache {folder} {(there == folder ? "" : "can be made, and ")}has {free / 1e9:0.0} GB free.");
            return free >= FewBytes ? new Finding(Name, Verdict.Ok, seen) : new Finding(Name, Verdict.Warning, seen, "Models are some 100 MB each, and two are loaded at a time: make room.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Finding(Name, Verdict.Failed, $"Worker:Cache {folder} cannot be written to: {exception.Message}", "Set Worker:Cache to a folder that this user may write to.");
        }
    }
}
