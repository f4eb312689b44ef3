using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Weights.Torch;

/// <summary>A tensor as a pickle describes it: a view of a storage.</summary>
/// <param name="Storage">The numbers.</param>
/// <param name="Offset">The first number's index.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Strides">Steps in numbers.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    private bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int d = Shape.Length - 1; d >= 0; d--)
            {
                if (Shape[d] != 1 && Strides[d] != expected) return false;
                expected *= Shape[d];
            }
            return true;
        }
    }

    /// <summary>The tensor under its name, contiguous.</summary>
    /// <exception cref="WeightFileException">It reaches outside its storage.</exception>
    public StoredTensor Stored(string name, string path)
    {
        string shape = TensorTypes.ShapeText(Shape);
        if (Shape.Length != Strides.Length || !TensorTypes.TryCount(Shape, Storage.Type, out long count, out long bytes))
        {
            throw new WeightFileException(
                path,
                $"the tensor '{name}' has the shape {shape} and {Strides.Length} strides; expected at most {TensorTypes.MostDimensions} sizes, none negative, a product within 64 bits, and as many strides.");
        }
        if (count == 0) return new StoredTensor(name, Storage.Type, Shape, new MemoryBytes([], path));
        Int128 last = Offset;
        for (int d = 0; d < Shape.Length; d++) last += (Int128)(Shape[d] - 1) * Strides[d];
        if (Offset < 0 || Strides.Any(stride => stride < 0) || last >= Storage.Count)
        {
            throw new WeightFileException(
                path,
                $"the tensor '{name}' of shape {shape} and strides {string.Join(", ", Strides)} from {Offset} reaches outside its storage of {Storage.Count} numbers. The file is damaged.");
        }
        int size = Storage.Type.Size();
        ByteSource numbers = IsContiguous ? Storage.Bytes!.Slice(Offset * size, bytes) : new StridedBytes(Storage.Bytes!, size, Offset, Shape, Strides);
        return new StoredTensor(name, Storage.Type, Shape, numbers);
    }
}
