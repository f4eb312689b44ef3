using CsCheck;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Tests.Training.Data;

public sealed class InstanceMaskTests
{
    private static readonly Gen<(int Width, int Height, byte[] Bits)> Masks =
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9]).SelectMany((w, h) => Gen.Frequency((3, Gen.Const((byte)0)), (1, Gen.Const((byte)1))).Array[w * h].Select(bits => (w, h, bits)));

    [Fact]
    public void A_mask_is_cut_to_its_extents_and_has_the_same_pixels() => Masks.Sample(m =>
    {
        InstanceMask? mask = InstanceMask.Of(3, 5, m.Width, m.Height, m.Bits);
        (int X, int Y)[] pixels = [.. Enumerable.Range(0, m.Bits.Length).Where(i => m.Bits[i] == 1).Select(i => (i % m.Width + 3, i / m.Width + 5))];
        Assert.Equal(pixels.Length == 0, mask is null);
        if (mask is null) return;
        Assert.Equal(new Box(pixels.Min(p => p.X), pixels.Min(p => p.Y), pixels.Max(p => p.X) + 1, pixels.Max(p => p.Y) + 1), mask.Extents);
        Assert.Equal(mask.Width * mask.Height, mask.Bits.Length);
        Assert.Equal(pixels.Length, mask.Area);
        for (int y = 0; y < 20; y++)
        {
            for (int x = 0; x < 20; x++) Assert.Equal(pixels.Contains((x, y)), mask.Has(x, y));
        }
        Assert.Equal(pixels.Count(p => p.X is >= 4 and < 7 && p.Y is >= 6 and < 9), mask.AreaWithin(4, 6, 7, 9));
    });

    [Fact]
    public void Runs_give_the_pixels_that_they_stand_for() => Masks.Sample(m =>
    {
        InstanceMask? mask = InstanceMask.Of(RleDense.Encode(m.Bits, m.Height, m.Width));
        Assert.Equal(m.Bits.All(bit => bit == 0), mask is null);
        for (int i = 0; mask is not null && i < m.Bits.Length; i++) Assert.Equal(m.Bits[i] == 1, mask.Has(i % m.Width, i / m.Width));
    });

    [Fact]
    public void Runs_of_length_zero_change_nothing()
    {
        InstanceMask mask = InstanceMask.Of(Rle.FromCounts(3, 4, [2, 1, 0, 3, 0, 0, 1, 2, 3]))!;
        Assert.Equal(new Box(0, 0, 3, 3), mask.Extents);
        Assert.Equal<byte>([0, 1, 0, 0, 1, 1, 1, 1, 1], mask.Bits);
    }

    [Fact]
    public void Bits_of_another_length_are_an_error() =>
        Assert.Contains("5 bytes for a mask of 2×3", Assert.Throws<ArgumentException>(() => InstanceMask.Of(0, 0, 2, 3, new byte[5])).Message);
}
