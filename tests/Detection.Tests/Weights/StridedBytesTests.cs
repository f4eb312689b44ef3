using CsCheck;
using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Tests.Weights;

public sealed class StridedBytesTests
{
    private static readonly Gen<(long Start, long[] Shape, long[] Strides)> Views =
        from start in Gen.Long[0, 5]
        from shape in Gen.Long[1, 4].Array[0, 4]
        from strides in Gen.OneOf(Gen.Long[0, 7], Gen.Const(3000L)).Array[shape.Length]
        select (start, shape, strides);

    [Fact]
    public void A_view_has_the_numbers_at_its_indices_also_in_parts() => Gen.Select(Views, Gen.Int[0, 300], Gen.Int[1, 300]).Sample((view, from, count) =>
    {
        (long start, long[] shape, long[] strides) = view;
        long[] expected = [start];
        for (int d = 0; d < shape.Length; d++) expected = [.. expected.SelectMany(at => Enumerable.Range(0, (int)shape[d]).Select(i => at + (i * strides[d])))];
        byte[] storage = [.. Enumerable.Range(0, (int)expected.Max() + 1).SelectMany(BitConverter.GetBytes)];
        var bytes = new StridedBytes(new MemoryBytes(storage), sizeof(int), start, shape, strides);
        Assert.Equal(expected.Length * sizeof(int), bytes.Length);
        from %= expected.Length;
        byte[] part = new byte[Math.Min(count, expected.Length - from) * sizeof(int)];
        bytes.Read(from * sizeof(int), part);
        Assert.Equal(expected.Skip(from).Take(part.Length / sizeof(int)).SelectMany(at => BitConverter.GetBytes((int)at)), part);
    });
}
