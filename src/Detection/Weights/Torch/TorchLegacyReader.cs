using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using MaskRcnn.Detection.Weights.Bytes;
using MaskRcnn.Detection.Weights.Pickle;

namespace MaskRcnn.Detection.Weights.Torch;

/// <summary>
/// Reads what <c>torch.save</c> wrote before PyTorch 1.6, as torchvision's files of 2019: pickles in a row (magic
/// number, protocol, system, objects, the storages' keys), then each storage's length and numbers.
/// </summary>
internal sealed class TorchLegacyReader(ByteSource file)
{
    private const long Protocol = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("01950a86a20f9469cfc6c", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private readonly PickleBudget _budget = new(file.Path, file.Length);

    private long _position;

    /// <summary>Whether a file starts like one: with a pickle of protocol 2 or newer.</summary>
    public static bool Recognises(ReadOnlySpan<byte> start) => start.Length > 1 && start[0] == (byte)PickleOpcode.Proto && start[1] is >= 2 and <= 5;

    /// <exception cref="WeightFileException">It cannot be read, or names a Python object that is refused.</exception>
    public static StateDict Read(ByteSource file, IDisposable? owner) => new TorchLegacyReader(file).Read(owner);

    private StateDict Read(IDisposable? owner)
    {
        var objects = new TorchObjects(file.Path, _ => { });
        if (Next(objects) is not BigInteger magic || magic != Magic)
            throw new WeightFileException(file.Path, "it is a pickle, but not one of torch.save. Save the weights with torch.save(model.state_dict(), 'weights.pth'), or as safetensors.");
        if (Next(objects) is not Protocol) throw new WeightFileException(file.Path, $"it has another protocol than {Protocol}, the only one of this format.");
        if (Next(objects) is PickleDict system && system.Pairs.Any(pair => pair is { Key: "little_endian", Value: false }))
            throw new WeightFileException(file.Path, "its numbers are big-endian; expected little-endian. Save it as safetensors.");
        object? root = Next(objects);
        ReadStorages(objects, Next(objects));
        return new StateDict(TorchStateDict.Tensors(TorchStateDict.Find(root, file.Path), file.Path, file.Length), null, owner);
    }

    private object? Next(TorchObjects objects)
    {
        var input = new PickleInput(file, _position, _budget);
        object? value = new PickleInterpreter(file.Path, input, _budget, objects).Run();
        _position = input.Position;
        return value;
    }

    private void ReadStorages(TorchObjects objects, object? keys)
    {
        if (keys is not PickleList list)
        {
            throw new WeightFileException(
                file.Path,
                $"{PickleText.Describe(keys)} is where the list of storages belongs. The file is damaged.");
        }
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (object? item in list.Items)
        {
            if (item is not string key || !objects.Storages.TryGetValue(key, out TorchStorage? storage) || storage.Bytes is not null)
                throw new WeightFileException(file.Path, $"{PickleText.Describe(item)} in the list of storages is unknown or there twice. The file is damaged.");
            file.Slice(_position, length.Length).Read(0, length);
            long count = BinaryPrimitives.ReadInt64LittleEndian(length);
            if (count != storage.Count)
            {
                throw new WeightFileException(
                    file.Path,
                    $"the storage '{key}' of {storage.Count} numbers has {count}. The file is damaged.");
            }
            storage.Bytes = file.Slice(_position + length.Length, count * storage.Type.Size());
            _position += length.Length + storage.Bytes.Length;
        }
        if (objects.Storages.Values.FirstOrDefault(s => s.Bytes is null) is { } missing)
            throw new WeightFileException(file.Path, $"the storage '{missing.Key}' is not in the list of storages. The file is damaged.");
        foreach ((TorchStorage part, TorchStorage whole, long offset) in objects.Parts)
            part.Bytes = whole.Bytes!.Slice(offset * whole.Type.Size(), part.Count * part.Type.Size());
    }
}
