using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Samples.Files;

namespace MaskRcnn.Client.Demo;

/// <summary>
/// The folder that a demo writes to, and the right to do so. What an earlier demo made in it is replaced; nothing else is
/// touched: every name that is deleted is one that a demo writes.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    private const string MarkerName = ".maskrcnn-demo";

    /// <summary>What a demo writes at most, its cluster's data included: about .6 MB an image, most of it overlays.</summary>
    private const long BytesPerImage = 1_000_000, BytesBeside = 20_000_000;

    private readonly string _path;
    private readonly FileStream _lock;

    private DemoFolder(string path, FileStream @lock)
    {
        (_path, _lock) = (path, @lock);
        Samples = new SampleFolder(path);
    }

    /// <summary>Sample images and their ground truth.</summary>
    public SampleFolder Samples { get; }

    /// <summary>The page to open.</summary>
    public string Page => Path.Combine(_path, "index.html");

    /// <summary>One picture: an overlay beside the numbers.</summary>
    public string Picture => Path.Combine(_path, "summary.png");

    /// <summary>Overlays of what was found.</summary>
    public string Found => Path.Combine(_path, "found");

    /// <summary>Overlays of the ground truth.</summary>
    public string Truth => Path.Combine(_path, "truth");

    /// <summary>The folder above the job's <c>result/</c>.</summary>
    public string Root => _path;

    /// <summary>The job's result.</summary>
    public string Result => Path.Combine(_path, "result");

    /// <summary>Data of the demo's cluster; there while it runs, and after a failure for its logs.</summary>
    public string Cluster => Path.Combine(_path, "cluster");

    private string Unfinished => Path.Combine(_path, "UNFINISHED.txt");

    /// <summary>Takes a folder that is free, or that an earlier demo has made.</summary>
    /// <exception cref="CommandException">Something else is there, or another demo runs in it.</exception>
    public static DemoFolder Take(string path)
    {
        if (File.Exists(path)) throw CommandException.Usage($"--output {path} is a file; expected a folder.");
        string marker = Path.Combine(path, MarkerName);
        if (!File.Exists(marker) && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new CommandException(ExitCode.Error, "file_exists", $"{path} holds files that no demo has made; they are left alone. Choose another --output.")
            {
                Details = new Dictionary<string, object> { ["file"] = path },
            };
        }
        Directory.CreateDirectory(path);
        try
        {
            return new DemoFolder(path, new FileStream(marker, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(marker))
        {
            throw new CommandException(ExitCode.Error, "in_use", $"Another demo runs in {path}. Wait for it, stop it, or choose another --output.");
        }
    }

    /// <summary>Checks that a demo will fit: a job waits for space, which here would be for ever.</summary>
    /// <exception cref="CommandException">It will not.</exception>
    public void CheckSpace(int images)
    {
        long needed = BytesBeside + (images * BytesPerImage), free = new DriveInfo(_path).AvailableFreeSpace;
        if (free >= needed) return;
        throw new CommandException(ExitCode.Error, "no_space", string.Create(CultureInfo.InvariantCulture, $"{_path} has {free / 1e6:F0} MB free; a demo of {images} images needs up to {needed / 1e6:F0} MB. Make room, choose another --output, or fewer images by --count."))
        {
            Details = new Dictionary<string, object> { ["free"] = free, ["needed"] = needed },
        };
    }

    /// <summary>Removes what an earlier demo has made, and says that this one is not finished.</summary>
    public void Begin()
    {
        File.WriteAllText(Unfinished, "This demo was not finished: what is here is a part of it. 'maskrcnn demo' begins anew.\n");
        File.Delete(Page);
        File.Delete(Picture);
        foreach (string pictures in (string[])[Found, Truth]) Remove(pictures, "microscopy-*.png");
        Remove(Path.Combine(Result, "index"), "*.json");
        Remove(Path.Combine(Result, "thumbnails"), "*.tar");
        Remove(Result, "masks.tar", "detections.json", "errors.jsonl", "report.json", "report.md", "timings.json", "attempts.jsonl", "manifest.json");
        RemoveCluster();
    }

    /// <summary>Everything is there.</summary>
    public void Finish()
    {
        RemoveCluster();
        File.Delete(Unfinished);
    }

    /// <summary>Removes the data of the demo's cluster, which nobody needs any more.</summary>
    public void RemoveCluster()
    {
        foreach (string part in (string[])["state", "cache", "logs", "jobs"])
        {
            string folder = Path.Combine(Cluster, part);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        Remove(Cluster, "cluster.json", "up.lock");
    }

    public void Dispose() => _lock.Dispose();

    private static void Remove(string folder, params string[] patterns)
    {
        if (!Directory.Exists(folder)) return;
        foreach (string pattern in patterns)
        {
            foreach (string file in Directory.EnumerateFiles(folder, pattern)) File.Delete(file);
        }
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }
}
