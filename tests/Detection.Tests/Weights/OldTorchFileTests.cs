using System.Text;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>What PyTorch of today no longer writes.</summary>
public sealed class OldTorchFileTests
{
    private static readonly byte[] Keys = Encoding.Latin1.GetBytes("]X\u0001\0\0\00a.");

    [Theory]
    [InlineData(2, 3, null)]
    [InlineData(3, 3, null)]
    [InlineData(4, 3, "a part of the storage '0' is not inside it")]
    [InlineData(-1, 3, "a part of the storage '0' is not inside it")]
    [InlineData(long.MaxValue, long.MaxValue, "a part of the storage '0' is not inside it")]
    public void A_storage_may_be_a_part_of_another(long offset, long count, string? error)
    {
        byte[] objects = new PickleWriter().Proto().Op('}').Text("w").Global("torch._utils", "_rebuild_tensor").Op('(')
            .Op('(').Text("storage").Global("torch", "IntStorage").Text("0").Text("cpu").Number(6)
            .Op('(').Text("1").Number(offset).Number(count).Op('t').Op('t').Op('Q')
            .Number(1).Numbers([2]).Numbers([1]).Op('t').Op('R').Op('s').Op('.').ToArray();
        byte[] file = PickleWriter.Legacy(objects, Keys, [.. BitConverter.GetBytes(6L), .. Enumerable.Range(10, 6).SelectMany(BitConverter.GetBytes)]);
        if (error is not null)
        {
            HostileFiles.IsRefused(file, error);
            return;
        }
        (WeightFormat format, StateDict weights) = WeightFile.Read(new MemoryBytes(file), null);
        Assert.Equal(WeightFormat.TorchLegacy, format);
        Assert.Equal([11 + offset, 12 + offset], weights["w"].ToIntegers());
    }

    [Fact]
    public void Text_instructions_of_protocol_0_are_read()
    {
        byte[] tensor = PickleWriter.OneTensor(6, 0, [6], [1])[3..^2]; // what follows EMPTY_DICT, up to SETITEM
        string noise = "(dp0\nS'epoch'\nI5\nsVlr\nF0.5\nsS\"big\"\nL123456789012345678901234567890L\nsS'done'\nI01\ns(lp9\nI1\naI2\na0(I1\nt0g0\n";
        byte[] pickle = [.. Encoding.Latin1.GetBytes(noise), .. tensor, (byte)'s', (byte)'.'];
        (_, StateDict weights) = WeightFile.Read(new MemoryBytes(PickleWriter.Zip(pickle, new byte[24])), null);
        Assert.Equal("w F32 6", Assert.Single(weights.Tensors).ToString());
    }

    [Fact]
    public void A_big_endian_file_is_refused_with_what_to_do()
    {
        byte[] file = PickleWriter.Legacy(PickleWriter.OneTensor(6, 0, [6], [1]), Keys, [.. BitConverter.GetBytes(6L), .. new byte[24]]);
        int system = file.AsSpan().IndexOf("\u0002}."u8) + 1;
        byte[] big = [.. file[..system], .. new PickleWriter().Op('}').Text("little_endian").Raw(0x89).Op('s').ToArray(), .. file[(system + 1)..]];
        HostileFiles.IsRefused(big, "its numbers are big-endian");
    }
}
