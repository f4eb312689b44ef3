using MaskRcnn.Detection.Weights.Pickle;

namespace MaskRcnn.Detection.Weights.Torch;

/// <summary>Finds the weights in what a PyTorch file holds: a state dict, or a checkpoint around one.</summary>
internal static class TorchStateDict
{
    /// <summary>How often a state dict may be inside another dictionary.</summary>
    private const int Deepest = 8;

    /// <summary>
    /// Tensors may share storages, so that there can be more bytes than the file has; this many times is believed, with
    /// half a megabyte for small files.
    /// </summary>
    private const int MostTimesTheFile = 4;

    private const long Floor = 1 << 19;

    private static readonly string[] Nests = ["model", "state_dict", "model_state_dict"];

    /// <summary>The dictionary of tensors.</summary>
    /// <exception cref="WeightFileException">There is none.</exception>
    public static PickleDict Find(object? root, string path)
    {
        for (int depth = 0; depth < Deepest; depth++)
        {
            if (root is not PickleDict dictionary)
            {
                throw new WeightFileException(
                    path,
                    $"it holds {PickleText.Describe(root)}; expected a state dict. Save one with torch.save(model.state_dict(), 'weights.pth').");
            }
            if (Nests.Select(name => Value(dictionary, name)).OfType<PickleDict>().FirstOrDefault() is not { } inner) return dictionary;
            root = inner;
        }
        throw new WeightFileException(
            path,
            $"its dictionaries are nested more than {Deepest} deep; expected a state dict, or one under {string.Join(", ", Nests)}.");
    }

    /// <summary>The tensors of a dictionary, in order; what else it holds is left out.</summary>
    /// <exception cref="WeightFileException">There are none, or one is damaged.</exception>
    public static List<StoredTensor> Tensors(PickleDict dictionary, string path, long fileLength)
    {
        // A later pair of the same key replaces the value and keeps the place, as in Python.
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var tensors = new List<(string Name, TorchTensor Tensor)>();
        foreach ((object? key, object? value) in dictionary.Pairs)
        {
            if (value is not TorchTensor tensor) continue;
            if (key is not string name) throw new WeightFileException(path, $"a tensor's key is {PickleText.Describe(key)}; expected text. Is this a state dict?");
            if (places.TryAdd(name, tensors.Count)) tensors.Add((name, tensor));
            else tensors[places[name]] = (name, tensor);
        }
        if (tensors.Count == 0)
        {
            throw new WeightFileException(
                path,
                $"there is no tensor in it, only {Keys(dictionary)}; expected a state dict, or one under {string.Join(", ", Nests)}.");
        }
        var stored = new List<StoredTensor>(tensors.Count);
        Int128 left = ((Int128)fileLength * MostTimesTheFile) + Floor;
        foreach ((string name, TorchTensor tensor) in tensors)
        {
            stored.Add(tensor.Stored(name, path));
            left -= stored[^1].ByteLength;
            if (left < 0)
            {
                throw new WeightFileException(
                    path,
                    $"the tensors up to '{name}' claim over {MostTimesTheFile} times the file's {fileLength} bytes. It is damaged, or made to exhaust memory.");
            }
        }
        return stored;
    }

    private static object? Value(PickleDict dictionary, string key) => dictionary.Pairs.LastOrDefault(pair => pair.Key is string name && name == key).Value;

    private static string Keys(PickleDict dictionary) => dictionary.Pairs.Count == 0
        ? "an empty dictionary"
        : string.Join(", ", dictionary.Pairs.Take(10).Select(pair => PickleText.Describe(pair.Key))) + (dictionary.Pairs.Count > 10 ? ", …" : "");
}
