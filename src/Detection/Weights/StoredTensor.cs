using System.Runtime.InteropServices;
using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Weights;

/// <summary>
/// A tensor of a weight file: name, type and shape now, numbers when they are asked for. Numbers are contiguous, row by
/// row, little-endian. It can be read by several threads, as long as the <see cref="StateDict"/> is not disposed.
/// </summary>
public sealed class StoredTensor
{
    private readonly ByteSource _bytes;

    /// <exception cref="WeightFileException">The bytes' number does not fit the shape.</exception>
    internal StoredTensor(string name, TensorType type, IReadOnlyList<long> shape, ByteSource bytes)
    {
        if (!TensorTypes.TryCount(shape, type, out long count, out long length) || length != bytes.Length)
        {
            throw new WeightFileException(
                bytes.Path,
                $"the tensor '{name}' of {type} and shape {TensorTypes.ShapeText(shape)} has {bytes.Length} bytes, which do not fit its shape.");
        }
        (Name, Type, Shape, Count, _bytes) = (name, type, shape, count, bytes);
    }

    /// <summary>A tensor of numbers in memory, which it keeps without a copy.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The numbers' type.</param>
    /// <param name="shape">Its sizes, none negative.</param>
    /// <param name="bytes">The numbers, contiguous and little-endian.</param>
    /// <exception cref="WeightFileException">The bytes' number does not fit the shape.</exception>
    public StoredTensor(string name, TensorType type, IReadOnlyList<long> shape, byte[] bytes) : this(name, type, shape, new MemoryBytes(bytes)) { }

    /// <summary>The key in the state dict, such as <c>backbone.body.conv1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The numbers' type.</summary>
    public TensorType Type { get; }

    /// <summary>The sizes; none for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>How many numbers.</summary>
    public long Count { get; }

    /// <summary>How many bytes.</summary>
    public long ByteLength => _bytes.Length;

    /// <summary>Reads some of the bytes.</summary>
    /// <param name="byteOffset">Where to start; a multiple of the type's size.</param>
    /// <param name="destination">Gets the bytes; whole numbers, and no further than the tensor's end.</param>
    /// <exception cref="WeightFileException">The file is damaged.</exception>
    public void Read(long byteOffset, Span<byte> destination)
    {
        int size = Type.Size();
        if (byteOffset < 0 || byteOffset > ByteLength - destination.Length || byteOffset % size != 0 || destination.Length % size != 0)
            throw new ArgumentOutOfRangeException(nameof(byteOffset), byteOffset, $"{destination.Length} bytes from there are not whole numbers inside '{Name}', which has {ByteLength} bytes.");
        _bytes.Read(byteOffset, destination);
    }

    /// <summary>All bytes, as a new array.</summary>
    /// <exception cref="WeightFileException">The file is damaged, or the tensor has more than 2 GB.</exception>
    public byte[] ToBytes() => _bytes.ReadAll();

    /// <summary>All numbers as 32-bit floating point: exact from fp16 and bf16, rounded to nearest from fp64.</summary>
    /// <exception cref="WeightFileException">The file is damaged, or the tensor has more than 2 GB.</exception>
    public float[] ToFloats()
    {
        if (Type == TensorType.F32 && ByteLength <= Array.MaxLength)
        {
            float[] own = new float[Count];
            _bytes.Read(0, MemoryMarshal.AsBytes(own.AsSpan()));
            return own;
        }
        byte[] bytes = ToBytes();
        float[] numbers = new float[Count];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = (float)FloatCodec.Read(Type, bytes.AsSpan(i * Type.Size()));
        return numbers;
    }

    /// <summary>All numbers of a tensor of integers or booleans.</summary>
    /// <exception cref="WeightFileException">The file is damaged, or the tensor has more than 2 GB.</exception>
    /// <exception cref="InvalidOperationException">The numbers are floating point.</exception>
    public long[] ToIntegers()
    {
        if (Type.IsFloating()) throw new InvalidOperationException($"The tensor '{Name}' is {Type}; expected integers.");
        byte[] bytes = ToBytes();
        long[] numbers = new long[Count];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = FloatCodec.ReadInteger(Type, bytes.AsSpan(i * Type.Size()));
        return numbers;
    }

    /// <summary>
    /// The same tensor with floating point numbers of another type, rounded to nearest, ties to even, while they are read.
    /// Tensors of integers stay as they are.
    /// </summary>
    /// <param name="type">A floating point type. A number too large for it is an error when it is read.</param>
    public StoredTensor As(TensorType type)
    {
        if (!type.IsFloating()) throw new ArgumentOutOfRangeException(nameof(type), type, "Expected a floating point type.");
        return type == Type || !Type.IsFloating() ? this : new StoredTensor(Name, type, Shape, new ConvertedBytes(_bytes, Name, Type, type));
    }

    /// <summary>The same tensor under another name.</summary>
    public StoredTensor Named(string name) => name == Name ? this : new StoredTensor(name, Type, Shape, _bytes);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type} {TensorTypes.ShapeText(Shape)}";
}
