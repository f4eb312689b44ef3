using System.Text;
using CsCheck;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Bytes;
using MaskRcnn.Detection.Weights.Safetensors;

namespace MaskRcnn.Detection.Tests.Weights;

public sealed class SafetensorsTests : IDisposable
{
    private static readonly Gen<StoredTensor> Tensors =
        from name in Gen.String[Gen.Char['a', 'ö'], 1, 8]
        from type in Gen.Enum<TensorType>()
        from shape in Gen.Long[0, 4].Array[0, 4]
        from bytes in Gen.Byte.Array[(int)shape.Aggregate(1L, (p, s) => p * s) * type.Size()]
        select new StoredTensor(name, type, shape, bytes);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_and_written_again_as_the_same_bytes() => Gen.Select(Tensors.Array[0, 6], Gen.Dictionary(Gen.String, Gen.String[Gen.Char.AlphaNumeric])[0, 3]).Sample(
        (all, metadata) =>
        {
            StoredTensor[] tensors = [.. all.DistinctBy(t => t.Name)];
            metadata = metadata.Where(m => m.Key.All(char.IsAsciiLetter)).ToDictionary();
            SafetensorsWriter.Write(_folder["a"], tensors, metadata);
            byte[] bytes = File.ReadAllBytes(_folder["a"]);
            Assert.Equal(0, (8 + BitConverter.ToInt64(bytes)) % 8);
            using StateDict read = SafetensorsReader.Read(new MemoryBytes(bytes), null);
            Assert.Equal(metadata.OrderBy(m => m.Key), read.Metadata.OrderBy(m => m.Key));
            Assert.Equal(tensors.Select(t => t.ToString()), read.Tensors.Select(t => t.ToString()));
            Assert.All(tensors, tensor => Assert.Equal(tensor.ToBytes(), read[tensor.Name].ToBytes()));
            SafetensorsWriter.Write(_folder["b"], read.Tensors, read.Metadata);
            Assert.Equal(bytes, File.ReadAllBytes(_folder["b"]));
        }, iter: 200, threads: 1);

    [Fact]
    public void The_bytes_of_a_file_are_those_of_the_format()
    {
        SafetensorsWriter.Write(_folder["a"], [new("b", TensorType.Bool, [1], [1]), new("f", TensorType.F32, [], [0, 0, 128, 63])], new Dictionary<string, string> { ["z"] = "1", ["a"] = "ü" });
        string header = """{"__metadata__":{"a":"ü","z":"1"},"b":{"dtype":"BOOL","shape":[1],"data_offsets":[4,5]},"f":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""";
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] padded = [.. text, .. Enumerable.Repeat((byte)' ', (8 - (text.Length % 8)) % 8)];
        Assert.Equal([.. BitConverter.GetBytes((long)padded.Length), .. padded, 0, 0, 128, 63, 1], File.ReadAllBytes(_folder["a"]));
    }

    [Fact]
    public void A_file_of_another_writer_is_read()
    {
        using WeightFile file = WeightFile.Open(Path.Combine(WeightData.Folder, "../coco/coco_bbox_eval.safetensors"));
        Assert.Equal(WeightFormat.Safetensors, file.Format);
        Assert.NotEmpty(file.Weights.Tensors);
        Assert.All(file.Weights.Tensors, tensor => Assert.Equal(tensor.Count, tensor.ToFloats().Length));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, null)]
    [InlineData("""{}   """, 0, null)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "the tensors need 4 bytes, but only 3 follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "1 bytes follow the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes, but its offsets 0 to 4 give it 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}""", 5, "starts at 1 and leaves a hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlaps the tensor before it")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' is there twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "none negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", 4, "a product within 64 bits")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "data_offsets [4, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "data_offsets [-4, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}""", 4, "offsets 0 to 9223372036854775807")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}""", 4, "beyond 64 bits")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "not whole")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "holds String")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "dtype 'F8_E4M3'; expected F64")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks a member")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "has its dtype twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}""", 4, "a member 'x'")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "the metadata 'a' is Number")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "the metadata 'a' is there twice")]
    [InlineData("""{"a":5}""", 0, "the tensor 'a' is Number")]
    [InlineData("""{"a":[[[[[[[[]]]]]]]]}""", 0, "safetensors header")]
    [InlineData("""{} {}""", 0, "not valid JSON")]
    [InlineData("""{"a":""", 0, "not valid JSON")]
    [InlineData("{\"\\ud800\":5}", 0, "not valid JSON")]
    public void A_header_is_held_to_the_rules(string header, int bytes, string? error)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[bytes]];
        if (error is null) Assert.Null(HostileFiles.Read(file));
        else HostileFiles.IsRefused(file, error);
    }

    [Theory]
    [InlineData(3, "claims 3 bytes, but only 2 follow")]
    [InlineData(100_000_001, "the format allows 100000000")]
    [InlineData(-1, "claims 18446744073709551615 bytes")]
    public void A_header_that_lies_about_its_length_is_refused(long length, string error) => HostileFiles.IsRefused([.. BitConverter.GetBytes(length), (byte)'{', (byte)'}'], error);

    [Fact]
    public void A_header_of_very_many_tensors_stays_in_proportion()
    {
        var header = new StringBuilder("{");
        for (int i = 0; i < 50_000; i++) header.Append(i == 0 ? "" : ",").Append('"').Append(i).Append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        byte[] text = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        Assert.Null(HostileFiles.Read([.. BitConverter.GetBytes((long)text.Length), .. text]));
    }

    [Fact]
    public void A_tensor_with_the_name_of_the_metadata_is_not_written() =>
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["a"], [new("__metadata__", TensorType.U8, [0], [])], new Dictionary<string, string>()));
}
