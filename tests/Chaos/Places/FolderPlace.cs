using System.Diagnostics;
using MaskRcnn.Storage;

namespace MaskRcnn.Chaos.Places;

/// <summary>A small disk in memory that can be filled; where it cannot be mounted, a folder whose disk never is full.</summary>
internal sealed class FolderPlace : IJobPlace
{
    private const int Megabytes = 64, Chunk = 64 << 10;

    private readonly ChaosCollection _collection;
    private readonly string _folder = Directory.CreateTempSubdirectory("maskrcnn-chaos-disk-").FullName;
    private readonly bool _isDisk;

    public FolderPlace(ChaosCollection collection)
    {
        _collection = collection;
        _isDisk = Run("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={Megabytes}m"), "tmpfs", _folder);
    }

    public string Images => _collection.Images;

    public string Model => _collection.Model;

    public string Output => Path.Combine(_folder, "out");

    /// <summary>Whether it can be full.</summary>
    public bool CanBeFull => _isDisk;

    public IBlobStore Open(string job) => BlobStores.Open(Path.Combine(Output, job));

    /// <summary>Fills it; after the time there is room again.</summary>
    public async Task TakeAwayAsync(TimeSpan time)
    {
        string ballast = Path.Combine(_folder, "ballast");
        byte[] chunk = new byte[Chunk];
        using (FileStream file = File.Create(ballast, bufferSize: 1))
        {
            try
            {
                while (true) file.Write(chunk);
            }
            catch (IOException)
            {
                // It is full.
            }
        }
        await Task.Delay(time, TimeProvider.System, CancellationToken.None);
        File.Delete(ballast);
    }

    public Func<TimeSpan, Task>? Disturb(int seed) => null;

    public ValueTask DisposeAsync()
    {
        if (_isDisk) Run("umount", "--lazy", _folder);
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
