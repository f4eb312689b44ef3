using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Safetensors;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>Good files with some damage: they are read, or refused with one kind of error.</summary>
public sealed class DamagedFileTests
{
    public static TheoryData<string> Files { get; } = ["safetensors", "protocol2_zip.pth", "protocol4_zip.pth", "protocol2_legacy.pth", "types_deflated.pth", "views_legacy.pth"];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_cut_off_anywhere_is_refused(string name)
    {
        byte[] file = Bytes(name);
        Assert.Null(HostileFiles.Read(file));
        for (int length = 0; length < file.Length; length++) Assert.NotNull(HostileFiles.Read(file[..length]));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_changed_byte_anywhere_is_read_or_refused(string name)
    {
        byte[] file = Bytes(name);
        for (int i = 0; i < file.Length; i++)
        {
            byte original = file[i];
            foreach (byte other in (byte[])[(byte)(original ^ 0xFF), (byte)(original ^ 1), (byte)(original ^ 0x80), 0, 0xFF, (byte)'.', (byte)'R'])
            {
                file[i] = other;
                HostileFiles.Read(file);
            }
            file[i] = original;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Bytes_at_random_are_read_or_refused(string name)
    {
        var random = new Random(7);
        for (int n = 0; n < 2000; n++)
        {
            byte[] file = Bytes(name);
            for (int k = random.Next(1, 12); k > 0; k--) file[random.Next(file.Length)] = (byte)random.Next(256);
            HostileFiles.Read(file);
        }
    }

    [Fact]
    public void A_file_of_anything_else_is_refused_with_its_first_bytes()
    {
        HostileFiles.IsRefused([], "the file is empty");
        HostileFiles.IsRefused("<html>"u8.ToArray(), "it starts with the bytes 3C68746D6C3E");
        HostileFiles.IsRefused([0x80, 2, (byte)'N', (byte)'.'], "it is a pickle, but not one of torch.save");
    }

    private static byte[] Bytes(string name)
    {
        if (name != "safetensors") return File.ReadAllBytes(WeightData.InWeights(name));
        using var folder = new TemporaryFolder();
        StoredTensor[] tensors = [new("w", TensorType.F32, [2, 2], new byte[16]), new("n", TensorType.I64, [], new byte[8]), new("h", TensorType.F16, [3], new byte[6])];
        SafetensorsWriter.Write(folder["a"], tensors, new Dictionary<string, string> { ["a"] = "b" });
        return File.ReadAllBytes(folder["a"]);
    }
}
