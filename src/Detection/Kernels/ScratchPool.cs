using System.Collections.Concurrent;

namespace MaskRcnn.Detection.Kernels;

/// <summary>Working memory of the kernels, kept between calls: one buffer for each thread that computes at a time.</summary>
internal static class ScratchPool
{
    private static readonly ConcurrentBag<AlignedBuffer> Free = [];

    /// <summary>Takes a buffer of at least a length; give it back with <see cref="Return"/>.</summary>
    public static AlignedBuffer Rent(long length)
    {
        if (Free.TryTake(out AlignedBuffer? buffer))
        {
            if (buffer.Length >= length)
                return buffer;
            buffer.Dispose();
        }

        return new AlignedBuffer(length);
    }

    /// <summary>Gives a buffer back.</summary>
    public static void Return(AlignedBuffer buffer) => Free.Add(buffer);
}
