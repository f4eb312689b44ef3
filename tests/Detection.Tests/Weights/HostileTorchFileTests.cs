using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>PyTorch files made to run code, to exhaust memory, or to reach outside themselves.</summary>
public sealed class HostileTorchFileTests
{
    private static readonly byte[] Floats = new byte[24];

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("torch", "load")]
    [InlineData("torch.hub", "load")]
    [InlineData("collections", "OrderedDict.__class__")]
    [InlineData("torch._utils", "_rebuild_tensor_v2.__globals__")]
    public void A_global_that_is_not_on_the_list_is_refused_by_its_name(string module, string name)
    {
        string refusal = $"it names the Python object {module}.{name}, which is refused";
        HostileFiles.IsRefused(PickleWriter.Zip(new PickleWriter().Proto().Global(module, name).Text("echo no").Raw(0x85).Op('R').Op('.').ToArray()), refusal);
        HostileFiles.IsRefused(PickleWriter.Zip(new PickleWriter().Proto().Text(module).Text(name).Raw(0x93).Op('.').ToArray()), refusal);
        HostileFiles.IsRefused(PickleWriter.Zip(new PickleWriter().Op('(').Raw(Encoding.UTF8.GetBytes($"i{module}\n{name}\n")).Op('.').ToArray()), refusal);
    }

    [Theory]
    [InlineData(6, 0, new long[] { 2, 3 }, new long[] { 3, 1 }, null)]
    [InlineData(6, 1, new long[] { 2, 3 }, new long[] { 3, 1 }, "reaches outside its storage of 6 numbers")]
    [InlineData(6, -1, new long[] { 2 }, new long[] { 1 }, "reaches outside")]
    [InlineData(6, 5, new long[] { 2 }, new long[] { -1 }, "reaches outside")]
    [InlineData(6, 0, new long[] { 2, 3 }, new long[] { 4, 1 }, "reaches outside")]
    [InlineData(6, 0, new long[] { 2, 2 }, new long[] { long.MaxValue, 1 }, "reaches outside")]
    [InlineData(6, long.MaxValue, new long[] { 2 }, new long[] { 1 }, "reaches outside")]
    [InlineData(6, 0, new long[] { -2 }, new long[] { 1 }, "none negative")]
    [InlineData(6, 0, new long[] { long.MaxValue, long.MaxValue }, new long[] { 0, 0 }, "a product within 64 bits")]
    [InlineData(6, 0, new long[] { 2, 3 }, new long[] { 1 }, "as many strides")]
    [InlineData(6, 0, new long[] { 1 << 30 }, new long[] { 0 }, "times the file's")]
    [InlineData(6, 0, new long[] { 0, long.MaxValue }, new long[] { 1, 1 }, null)]
    [InlineData(7, 0, new long[] { 2 }, new long[] { 1 }, "the storage '0' of 7 numbers of F32 has 24 bytes")]
    [InlineData(-1, 0, new long[] { 2 }, new long[] { 1 }, "claims -1 numbers")]
    [InlineData(long.MaxValue, 0, new long[] { 2 }, new long[] { 1 }, "numbers. The file is damaged")]
    public void A_view_stays_inside_its_storage_and_in_proportion(long count, long offset, long[] shape, long[] strides, string? error)
    {
        byte[] file = PickleWriter.Zip(PickleWriter.OneTensor(count, offset, shape, strides), Floats);
        if (error is null) Assert.Null(HostileFiles.Read(file));
        else HostileFiles.IsRefused(file, error);
    }

    [Fact]
    public void A_view_of_too_many_dimensions_is_refused() => HostileFiles.IsRefused(
        PickleWriter.Zip(PickleWriter.OneTensor(6, 0, [.. Enumerable.Repeat(1L, 65)], [.. Enumerable.Repeat(1L, 65)]), Floats), "at most 64 sizes");

    [Fact]
    public void Names_are_looked_up_and_never_followed()
    {
        HostileFiles.IsRefused(PickleWriter.Zip(PickleWriter.OneTensor(6, 0, [2], [1], key: "../data.pkl"), Floats), "it has no entry 'a/data/../data.pkl'");
        HostileFiles.IsRefused(PickleWriter.Zip(PickleWriter.OneTensor(6, 0, [2], [1], key: "../../../etc/passwd"), Floats), "it has no entry");
    }

    [Fact]
    public void One_storage_of_two_types_is_refused() => HostileFiles.IsRefused(
        PickleWriter.Zip(new PickleWriter().Proto().Op('}').Op('(').Text("a").Tensor(6, 0, [2], [1]).Text("b").Tensor(6, 0, [2], [1], "LongStorage").Op('u').Op('.').ToArray(), Floats),
        "the storage '0' is 6 numbers of F32 and again 6 of I64");

    [Theory]
    [InlineData(']')]
    [InlineData('}')]
    [InlineData('(')]
    [InlineData('N')]
    public void A_pickle_that_only_piles_up_is_refused(char opcode) =>
        HostileFiles.IsRefused(PickleWriter.Zip(new PickleWriter().Proto().Raw([.. Enumerable.Repeat((byte)opcode, 1 << 20)]).ToArray()), "16384");

    [Fact]
    public void Objects_out_of_proportion_are_refused()
    {
        // Lists in lists, made and thrown away.
        byte[] lists = [.. Enumerable.Repeat("](K\u0001e0"u8.ToArray(), 1 << 18).SelectMany(b => b)];
        HostileFiles.IsRefused(PickleWriter.Zip(new PickleWriter().Proto().Raw(lists).ToArray()), "out of proportion");
        // A memo of its own for every byte.
        byte[] memo = [(byte)'N', .. Enumerable.Repeat((byte)0x94, 1 << 20)];
        HostileFiles.IsRefused(PickleWriter.Zip(new PickleWriter().Proto().Raw(memo).ToArray()), "out of proportion");
        // One list that is added to itself again and again: a billion laughs.
        var laughs = new PickleWriter().Proto().Op(']').Raw((byte)'q', 0);
        for (byte i = 1; i < 20; i++) laughs.Op(']').Raw((byte)'q', i).Op('(').Raw([.. Enumerable.Repeat(new byte[] { (byte)'h', (byte)(i - 1) }, 100).SelectMany(b => b)]).Op('e').Op('0');
        HostileFiles.IsRefused(PickleWriter.Zip(laughs.Op('.').ToArray()), "it holds a list");
    }

    [Fact]
    public void Many_views_of_one_storage_are_refused()
    {
        PickleWriter pickle = new PickleWriter().Proto().Op('}');
        for (int i = 0; i < 40; i++) pickle.Text($"w{i}").Tensor(1 << 17, 0, [1 << 17], [1]).Op('s');
        HostileFiles.IsRefused(PickleWriter.Zip(pickle.Op('.').ToArray(), new byte[4 << 17]), "claim over 4 times the file's");
    }

    [Fact]
    public void A_dictionary_in_itself_ends()
    {
        byte[] recursive = new PickleWriter().Proto().Op('}').Raw((byte)'q', 0).Text("model").Raw((byte)'h', 0).Op('s').Op('.').ToArray();
        HostileFiles.IsRefused(PickleWriter.Zip(recursive), "nested more than 8 deep");
        byte[] tuple = new PickleWriter().Proto().Op('}').Raw((byte)'q', 0).Text("a").Raw((byte)'h', 0).Raw(0x85).Op('s').Op('.').ToArray();
        HostileFiles.IsRefused(PickleWriter.Zip(tuple), "there is no tensor in it, only the text 'a'");
    }

    [Fact]
    public void A_zip_bomb_is_refused()
    {
        byte[] zeros = new byte[32 << 20];
        HostileFiles.IsRefused(PickleWriter.Zip(PickleWriter.OneTensor(8 << 20, 0, [8 << 20], [1]), CompressionLevel.SmallestSize, zeros), "times the file's");
        HostileFiles.IsRefused(PickleWriter.Zip([.. Enumerable.Repeat((byte)'N', 32 << 20)], CompressionLevel.SmallestSize), "inflate to over 4 times");
    }

    [Fact]
    public void An_entry_that_inflates_to_another_length_than_it_claims_is_refused()
    {
        byte[] file = PickleWriter.Zip(PickleWriter.OneTensor(2500, 0, [2500], [1]), CompressionLevel.SmallestSize, new byte[100_000]);
        // The table of contents says 10000 in place of 100000.
        int at = file.AsSpan().LastIndexOf(BitConverter.GetBytes(100_000));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), 10_000);
        HostileFiles.IsRefused(file, "inflates to more than the 10000 bytes");
    }

    [Fact]
    public void A_zip_file_without_a_pickle_or_with_two_is_refused()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true)) zip.CreateEntry("a/b");
        HostileFiles.IsRefused(stream.ToArray(), "a zip file with no data.pkl");
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.CreateEntry("a/data.pkl");
            zip.CreateEntry("b/data.pkl");
        }
        HostileFiles.IsRefused(stream.ToArray(), "more than one data.pkl");
    }

    [Theory]
    [InlineData("little", null)]
    [InlineData("big", "the byte order 'big'; expected little")]
    public void The_byte_order_of_a_zip_file_is_checked(string order, string? error)
    {
        using var stream = new MemoryStream();
        stream.Write(PickleWriter.Zip(PickleWriter.OneTensor(6, 0, [6], [1]), Floats));
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        using (Stream entry = zip.CreateEntry("a/byteorder", CompressionLevel.NoCompression).Open())
            entry.Write(Encoding.UTF8.GetBytes(order));
        if (error is null) Assert.Null(HostileFiles.Read(stream.ToArray()));
        else HostileFiles.IsRefused(stream.ToArray(), error);
    }

    [Theory]
    [InlineData("]X\u0001\0\0\00a.", 6L, 24, null)]
    [InlineData("].", 6L, 24, "the storage '0' is not in the list of storages")]
    [InlineData("](X\u0001\0\0\00X\u0001\0\0\00e.", 6L, 24, "unknown or there twice")]
    [InlineData("]X\u0001\0\0\01a.", 6L, 24, "unknown or there twice")]
    [InlineData("]]a.", 6L, 24, "a list in the list of storages is unknown")]
    [InlineData("N.", 6L, 24, "None is where the list of storages belongs")]
    [InlineData("]X\u0001\0\0\00a.", 7L, 28, "the storage '0' of 6 numbers has 7")]
    [InlineData("]X\u0001\0\0\00a.", 6L, 23, "The file is damaged or cut off")]
    public void The_storages_of_a_legacy_file_are_checked(string keys, long count, int bytes, string? error)
    {
        byte[] file = PickleWriter.Legacy(PickleWriter.OneTensor(6, 0, [2, 3], [3, 1]), Encoding.Latin1.GetBytes(keys), [.. BitConverter.GetBytes(count), .. new byte[bytes]]);
        if (error is null) Assert.Null(HostileFiles.Read(file));
        else HostileFiles.IsRefused(file, error);
    }

    [Theory]
    [InlineData("R.", "takes a value from an empty stack")]
    [InlineData("NR.", "expected")]
    [InlineData("t.", "collects values without a start")]
    [InlineData("h\u0005.", "recalls the value 5")]
    [InlineData("Na.", "empty stack")]
    [InlineData("NNa.", "None where a list was expected")]
    [InlineData("}(Nu.", "a key without a value")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff", "the pickle ends")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "the pickle ends")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f", "a whole number of")]
    [InlineData("I12x\n", "'12x' where a whole number belongs")]
    [InlineData("F1,5\n", "'1,5' where a number belongs")]
    [InlineData("S5\n", "a text without quotes")]
    [InlineData("\u0082\u0001", "has the instruction 0x82")]
    [InlineData("\u0080\u0009", "is of protocol 9")]
    [InlineData("NQ.", "a persistent id is None")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "torch._utils._rebuild_tensor_v2 is given ()")]
    [InlineData("ctorch\nFloatStorage\n)R.", "torch.FloatStorage is given ()")]
    [InlineData("]Nb.", "a list where a dictionary")]
    public void A_pickle_that_makes_no_sense_is_refused(string pickle, string error) => HostileFiles.IsRefused(PickleWriter.Zip(Encoding.Latin1.GetBytes(pickle)), error);
}
