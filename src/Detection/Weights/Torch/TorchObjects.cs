using MaskRcnn.Detection.Weights.Pickle;

namespace MaskRcnn.Detection.Weights.Torch;

/// <summary>What the names in a PyTorch file stand for: tensors, parameters, storages and ordered dictionaries.</summary>
/// <param name="path">The file, for errors.</param>
/// <param name="open">Finds the bytes of a new storage; for legacy files, where they come later, it does nothing.</param>
internal sealed class TorchObjects(string path, Action<TorchStorage> open) : IPickleObjects
{
    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>Every storage that was named, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    /// <summary>Parts of storages, of which old files make storages of their own: the part, its whole, and where it starts.</summary>
    public List<(TorchStorage Part, TorchStorage Whole, long Offset)> Parts { get; } = [];

    public PickleGlobal Global(string module, string name) => TorchGlobals.Find(module, name) ?? throw new WeightFileException(
        path,
        $"it names the Python object {module}.{name}, which is refused: weights are read as data, and no code of a file is run. "
        + "In Python, load it there and save only the weights: torch.save(model.state_dict(), 'weights.pth'), or safetensors.");

    public object? Call(PickleGlobal function, object?[] arguments)
    {
        switch (function.FullName)
        {
            case "collections.OrderedDict" or "collections.Counter": return Dictionary(arguments);
            case "torch.Size": return arguments is [PickleTuple sizes] ? sizes : throw Error(function, arguments);
            case "torch.device": return null;
            case "torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2":
                return arguments is [TorchStorage storage, long offset, PickleTuple shape, PickleTuple strides, ..] && Numbers(shape) is { } s && Numbers(strides) is { } t
                    ? new TorchTensor(storage, offset, s, t)
                    : throw Error(function, arguments);
            case "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state":
                return arguments is [TorchTensor tensor, ..] ? tensor : throw Error(function, arguments);
            default: throw Error(function, arguments);
        }
    }

    /// <summary>('storage', type, key, device, numbers) and in old files a part: (key, offset, numbers) or None.</summary>
    public object Persistent(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal global, string key, string, long count, ..] items } || TorchGlobals.StorageType(global) is not { } type)
        {
            throw new WeightFileException(
                path,
                $"a persistent id is {PickleText.Describe(id)}; expected ('storage', type, key, device, size). The file is damaged.");
        }
        if (!_storages.TryGetValue(key, out TorchStorage? storage))
        {
            if (!TensorTypes.TryCount([count], type, out _, out _))
            {
                throw new WeightFileException(
                    path,
                    $"the storage '{key}' claims {count} numbers. The file is damaged.");
            }
            storage = new TorchStorage(key, type, count);
            open(storage);
            _storages.Add(key, storage);
        }
        else if (storage.Type != type || storage.Count != count)
        {
            throw new WeightFileException(
                path,
                $"the storage '{key}' is {storage.Count} numbers of {storage.Type} and again {count} of {type}; expected the same. The file is damaged.");
        }
        return items.Length > 5 && items[5] is PickleTuple part ? Part(storage, part) : storage;
    }

    private TorchStorage Part(TorchStorage whole, PickleTuple part)
    {
        if (part.Items is not [string key, long offset, long count] || offset < 0 || count < 0 || offset > whole.Count - count)
            throw new WeightFileException(path, $"a part of the storage '{whole.Key}' is not inside it. The file is damaged.");
        var storage = new TorchStorage(key, whole.Type, count);
        Parts.Add((storage, whole, offset));
        return storage;
    }

    private static PickleDict Dictionary(object?[] arguments)
    {
        // Python's class takes nothing, a dictionary, or a list of pairs.
        if (arguments is [PickleDict filled]) return filled;
        var dictionary = new PickleDict();
        if (arguments is [PickleList pairs])
        {
            foreach (object? pair in pairs.Items)
            {
                object?[] items = pair switch { PickleTuple tuple => tuple.Items, PickleList list => [.. list.Items.Take(2)], _ => [] };
                if (items.Length == 2) dictionary.Pairs.Add(new(items[0], items[1]));
            }
        }
        return dictionary;
    }

    private static long[]? Numbers(PickleTuple tuple) => tuple.Items.All(item => item is long) ? [.. tuple.Items.Cast<long>()] : null;

    private WeightFileException Error(PickleGlobal function, object?[] arguments) => new(
        path, $"{function.FullName} is given ({string.Join(", ", arguments.Take(8).Select(PickleText.Describe))}), which is not what it takes. The file is damaged.");
}
