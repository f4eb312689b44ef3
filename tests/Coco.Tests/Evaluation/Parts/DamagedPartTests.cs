using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Parts;

namespace MaskRcnn.Coco.Tests.Evaluation.Parts;

/// <summary>A part that is not whole is refused, whatever is wrong with it.</summary>
public sealed class DamagedPartTests
{
    private static readonly byte[] Whole = MakeWhole();

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        for (int i = 0; i < Whole.Length; i++)
        {
            byte[] damaged = [.. Whole];
            damaged[i] ^= 1 << 3;
            Assert.Throws<EvaluationPartException>(() => Read(damaged));
        }
    }

    [Fact]
    public void Every_truncation_is_found()
    {
        for (int length = 0; length < Whole.Length; length++) Assert.Throws<EvaluationPartException>(() => Read(Whole[..length]));
    }

    [Fact]
    public void A_part_of_another_version_is_refused_and_both_versions_are_named()
    {
        // The version is the footer's first byte; the footer's hash is made to fit.
        byte[] other = [.. Whole];
        int footerLength = (int)System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(other.AsSpan(^24));
        Span<byte> footer = other.AsSpan(other.Length - 24 - footerLength, footerLength);
        footer[0] = PartFormat.Version + 1;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(other.AsSpan(^16), System.IO.Hashing.XxHash3.HashToUInt64(footer));
        EvaluationPartException exception = Assert.Throws<EvaluationPartException>(() => Read(other));
        Assert.Contains($"version {PartFormat.Version + 1}; this program reads version {PartFormat.Version}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_names_the_part()
    {
        EvaluationPartException exception = Assert.Throws<EvaluationPartException>(() => EvaluationPart.Open(PartData.FromMemory(new byte[5], "parts/17.bin")));
        Assert.Contains("parts/17.bin", exception.Message, StringComparison.Ordinal);
    }

    private static byte[] MakeWhole()
    {
        Problem problem = PartMergeTests.TwoImages();
        problem = problem with { Parameters = problem.Parameters with { InstanceScoreThreshold = .1 } };
        return PartMergeTests.Bytes(problem.Part(problem.Images));
    }

    private static void Read(byte[] bytes) => Accumulator.Accumulate([EvaluationPart.Open(PartData.FromMemory(bytes))]);
}
