using System.Runtime.InteropServices;

namespace MaskRcnn.Cluster.Tests.Host;

/// <summary>
/// Fails as libtorch does when a GPU has a fault or no memory. What goes wrong is said by files in a folder, a number by a file's size: <c>device-memory</c>, the images that fit;
/// <c>device-fault</c>, after how many images the device fails once: then nothing works in this process any more.
/// </summary>
internal sealed class FaultyDevice(string folder)
{
    private readonly Lock _gate = new();
    private int _images;
    private bool _hasFailed;

    /// <summary>Before images are looked at.</summary>
    /// <exception cref="ExternalException">The device fails.</exception>
    public void LookAt(int images)
    {
        lock (_gate)
        {
            if (Number("device-memory") is { } fitting && images > fitting)
                throw new TorchError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 139.80 GiB of which 1.19 GiB is free.");
            _images += images;
            if (!_hasFailed && Number("device-fault") is { } last && _images > last)
            {
                _hasFailed = true;
                File.Delete(Path.Combine(folder, "device-fault"));
            }
            if (_hasFailed) throw new TorchError("CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported at some other API call, so the stacktrace below might be incorrect.");
        }
    }

    /// <summary>What TorchSharp throws is of this kind.</summary>
    private sealed class TorchError(string message) : ExternalException(message);

    private long? Number(string name) => new FileInfo(Path.Combine(folder, name)) is { Exists: true } file ? file.Length : null;
}
