using CsCheck;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Tests.Weights;

public sealed class FloatCodecTests
{
    [Theory]
    [InlineData(1.0, 0x3F80)]
    [InlineData(-0.0, 0x8000)]
    [InlineData(1.00390625, 0x3F80)] // halfway: to even
    [InlineData(1.01171875, 0x3F82)] // halfway: to even, upwards
    [InlineData(1.0039062500001, 0x3F81)] // above halfway by less than a float shows
    [InlineData(1.0117187499999, 0x3F81)] // below halfway by less than a float shows
    [InlineData(3.4e38, 0x7F80)]
    [InlineData(1e300, 0x7F80)]
    [InlineData(-1e300, 0xFF80)]
    [InlineData(double.PositiveInfinity, 0x7F80)]
    [InlineData(double.NaN, 0xFFC0)]
    [InlineData(1e-40, 0x0001)]
    [InlineData(1e-60, 0x0000)]
    public void A_number_becomes_the_nearest_bfloat16(double value, int expected) => Assert.Equal((ushort)expected, FloatCodec.ToBFloat16(value));

    [Fact]
    public void Every_bfloat16_comes_back()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float value = FloatCodec.FromBFloat16((ushort)bits);
            if (!float.IsNaN(value)) Assert.Equal((ushort)bits, FloatCodec.ToBFloat16(value));
        }
    }

    [Fact]
    public void No_bfloat16_is_nearer_than_the_chosen_one() => Gen.Double[-1e30, 1e30].Sample(value =>
    {
        ushort bits = FloatCodec.ToBFloat16(value);
        double error = Math.Abs(FloatCodec.FromBFloat16(bits) - value);
        foreach (int step in (int[])[-1, 1])
            Assert.True(error <= Math.Abs(FloatCodec.FromBFloat16((ushort)(bits + step)) - value) || (bits & 0x7FFF) == 0);
    });

    [Theory]
    [InlineData(TensorType.F64)]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.F16)]
    [InlineData(TensorType.BF16)]
    public void Integers_stay_as_they_are_when_numbers_are_converted(TensorType type)
    {
        var counter = new StoredTensor("n", TensorType.I64, [2], [.. BitConverter.GetBytes(5L), .. BitConverter.GetBytes(long.MaxValue)]);
        Assert.Equal([5L, long.MaxValue], counter.As(type).ToIntegers());
    }

    [Fact]
    public void Halves_are_rounded_to_even() => Assert.Equal(
        [(float)(Half)1.0009765625f, 1f, (float)(Half)1.001953125f, float.PositiveInfinity],
        new StoredTensor("n", TensorType.F32, [4], [.. new[] { 1.0009765625f, 1.00048828125f, 1.00146484375f, float.PositiveInfinity }.SelectMany(BitConverter.GetBytes)])
            .As(TensorType.F16).ToFloats());
}
