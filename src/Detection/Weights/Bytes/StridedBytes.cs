namespace MaskRcnn.Detection.Weights.Bytes;

/// <summary>A view with strides, read as if it were contiguous.</summary>
/// <param name="storage">What is viewed.</param>
/// <param name="itemSize">Bytes of one number.</param>
/// <param name="start">The first number's index in the storage.</param>
/// <param name="shape">The view's sizes; none is 0.</param>
/// <param name="strides">Steps in numbers for each dimension, none negative; every number is inside the storage.</param>
internal sealed class StridedBytes(ByteSource storage, int itemSize, long start, long[] shape, long[] strides) : ByteSource
{
    /// <summary>A sparse view is read number by number rather than with all that lies between.</summary>
    private const int DenseFactor = 4;

    private const int DenseAlways = 1 << 12;

    public override string Path => storage.Path;

    public override long Length { get; } = shape.Aggregate(1L, (product, size) => product * size) * itemSize;

    /// <summary>The view's numbers lie in this many of the storage's.</summary>
    private long Span => 1 + shape.Zip(strides, (size, stride) => (size - 1) * stride).Sum();

    public override void Read(long offset, Span<byte> destination)
    {
        long span = Span * itemSize;
        if (span > Array.MaxLength || (span > DenseAlways && span / DenseFactor > destination.Length))
        {
            Gather(offset, destination, null);
            return;
        }
        byte[] dense = GC.AllocateUninitializedArray<byte>((int)span);
        storage.Read(start * itemSize, dense);
        Gather(offset, destination, dense);
    }

    private void Gather(long offset, Span<byte> destination, byte[]? dense)
    {
        Span<long> index = stackalloc long[shape.Length];
        long rest = offset / itemSize, at = 0;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            (rest, index[d]) = Math.DivRem(rest, shape[d]);
            at += index[d] * strides[d];
        }
        for (; destination.Length > 0; destination = destination[itemSize..])
        {
            if (dense is null) storage.Read((start + at) * itemSize, destination[..itemSize]);
            else dense.AsSpan((int)(at * itemSize), itemSize).CopyTo(destination);
            at += Step(index);
        }
    }

    /// <summary>Goes to the next index in row-major order; returns the step in the storage.</summary>
    private long Step(Span<long> index)
    {
        long step = 0;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            step += strides[d];
            if (++index[d] < shape[d]) break;
            step -= shape[d] * strides[d];
            index[d] = 0;
        }
        return step;
    }
}
