using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>Pickles and PyTorch files made by hand, as PyTorch would not write them.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    public static byte[] Legacy(byte[] objects, byte[] keys, byte[] storages) =>
    [
        0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.', // the magic number
        0x80, 2, (byte)'M', 0xe9, 3, (byte)'.', // the protocol, 1001
        0x80, 2, (byte)'}', (byte)'.', // nothing about the system
        .. objects, .. keys, .. storages,
    ];

    /// <summary>A zip file with data.pkl and storages 0, 1, ….</summary>
    public static byte[] Zip(byte[] pickle, params byte[][] storages) => Zip(pickle, CompressionLevel.NoCompression, storages);

    public static byte[] Zip(byte[] pickle, CompressionLevel level, params byte[][] storages)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("a/data.pkl", pickle);
            for (int i = 0; i < storages.Length; i++) Add($"a/data/{i}", storages[i]);

            void Add(string name, byte[] content)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    /// <summary>A state dict with one tensor "w" on storage "0".</summary>
    public static byte[] OneTensor(long count, long offset, long[] shape, long[] strides, string storage = "FloatStorage", string key = "0") =>
        new PickleWriter().Proto().Op('}').Text("w").Tensor(count, offset, shape, strides, storage, key).Op('s').Op('.').ToArray();

    public PickleWriter Proto() => Raw(0x80, 2);

    public PickleWriter Op(char opcode) => Raw((byte)opcode);

    public PickleWriter Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Op('X').Raw(length).Raw(utf8);
    }

    public PickleWriter Number(long number) => Raw(0x8a, 8).Raw(BitConverter.GetBytes(number));

    public PickleWriter Global(string module, string name) => Raw(Encoding.UTF8.GetBytes($"c{module}\n{name}\n"));

    public PickleWriter Numbers(long[] numbers)
    {
        Op('(');
        foreach (long number in numbers) Number(number);
        return Op('t');
    }

    public PickleWriter Tensor(long count, long offset, long[] shape, long[] strides, string storage = "FloatStorage", string key = "0") =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(')
            .Op('(').Text("storage").Global("torch", storage).Text(key).Text("cpu").Number(count).Op('t').Op('Q')
            .Number(offset).Numbers(shape).Numbers(strides).Raw(0x89).Op('N').Op('t').Op('R');

    public byte[] ToArray() => [.. _bytes];
}
