using System.Text;
using MaskRcnn.Detection.Weights.Bytes;
using MaskRcnn.Detection.Weights.Pickle;

namespace MaskRcnn.Detection.Weights.Torch;

/// <summary>Reads what <c>torch.save</c> writes since PyTorch 1.6: a zip file with <c>data.pkl</c> and <c>data/N</c>.</summary>
internal sealed class TorchZipReader
{
    /// <summary>PyTorch does not compress; a file that was packed again may inflate to this many times its size.</summary>
    private const int MostTimesTheFile = 4;

    private const long Floor = 1 << 19;

    private const string PickleName = "data.pkl";

    private readonly ByteSource _file;
    private readonly ZipDirectory _zip;
    private readonly string _folder;
    private long _inflatable;

    private TorchZipReader(ByteSource file)
    {
        (_file, _zip, _inflatable) = (file, ZipDirectory.Read(file), (file.Length * MostTimesTheFile) + Floor);
        string[] pickles = [.. _zip.Entries.Keys.Where(name => name == PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal)).Take(2)];
        if (pickles.Length != 1)
        {
            throw new WeightFileException(
                file.Path,
                $"it is a zip file with {(pickles.Length == 0 ? "no" : "more than one")} {PickleName}; expected one, as torch.save writes.");
        }
        _folder = pickles[0][..^PickleName.Length];
    }

    /// <summary>Whether a file starts like one.</summary>
    public static bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8);

    /// <exception cref="WeightFileException">It cannot be read, or names a Python object that is refused.</exception>
    public static StateDict Read(ByteSource file, IDisposable? owner) => new TorchZipReader(file).Read(owner);

    private StateDict Read(IDisposable? owner)
    {
        CheckByteOrder();
        var budget = new PickleBudget(_file.Path, _file.Length);
        var objects = new TorchObjects(_file.Path, OpenStorage);
        object? root = new PickleInterpreter(_file.Path, new PickleInput(Open(_folder + PickleName), 0, budget), budget, objects).Run();
        return new StateDict(TorchStateDict.Tensors(TorchStateDict.Find(root, _file.Path), _file.Path, _file.Length), null, owner);
    }

    private void CheckByteOrder()
    {
        string name = _folder + "byteorder";
        if (!_zip.Entries.ContainsKey(name)) return;
        ByteSource entry = Open(name);
        string order = Encoding.UTF8.GetString(entry.Slice(0, Math.Min(entry.Length, 16)).ReadAll());
        if (order != "little") throw new WeightFileException(_file.Path, $"its numbers have the byte order '{order}'; expected little. Save it as safetensors.");
    }

    private void OpenStorage(TorchStorage storage)
    {
        ByteSource bytes = Open($"{_folder}data/{storage.Key}");
        if (bytes.Length != storage.Count * storage.Type.Size())
        {
            throw new WeightFileException(
                _file.Path,
                $"the storage '{storage.Key}' of {storage.Count} numbers of {storage.Type} has {bytes.Length} bytes. The file is damaged.");
        }
        storage.Bytes = bytes;
    }

    private ByteSource Open(string name)
    {
        if (!_zip.Entries.TryGetValue(name, out ZipEntry? entry)) throw new WeightFileException(_file.Path, $"it has no entry '{name}'. The file is damaged.");
        ByteSource content = entry.Open(_file);
        if (content is InflatedBytes && (entry.Length > _inflatable || (_inflatable -= entry.Length) < 0))
        {
            throw new WeightFileException(
                _file.Path,
                $"its entries inflate to over {MostTimesTheFile} times the file's {_file.Length} bytes at '{name}'. It is damaged, or made to exhaust memory. Save it without compression, as torch.save does.");
        }
        return content;
    }
}
