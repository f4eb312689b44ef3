using System.Runtime.InteropServices;

namespace MaskRcnn.Detection.Kernels;

/// <summary>Native memory for floats, on a cache line's boundary.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private float* _start;

    /// <summary>Allocates memory; its contents are undefined.</summary>
    /// <param name="length">Number of floats.</param>
    public AlignedBuffer(long length)
    {
        Length = length;
        _start = (float*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(float)), 64);
        GC.AddMemoryPressure(Math.Max(1, length * sizeof(float)));
    }

    /// <summary>Frees what was not disposed.</summary>
    ~AlignedBuffer() => Free();

    /// <summary>Number of floats.</summary>
    public long Length { get; }

    /// <summary>The first float.</summary>
    /// <exception cref="ObjectDisposedException">The buffer is disposed.</exception>
    public float* Start => _start != null ? _start : throw new ObjectDisposedException(nameof(AlignedBuffer));

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_start == null)
            return;
        NativeMemory.AlignedFree(_start);
        _start = null;
        GC.RemoveMemoryPressure(Math.Max(1, Length * sizeof(float)));
    }
}
