using System.Diagnostics.CodeAnalysis;

namespace MaskRcnn.Detection.Weights;

/// <summary>Tensors by name, in their file's order. It may hold the file open; then tensors are read before it is disposed.</summary>
public sealed class StateDict : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    private readonly Dictionary<string, StoredTensor> _byName;
    private readonly IDisposable? _file;

    /// <summary>Collects tensors.</summary>
    /// <param name="tensors">In order.</param>
    /// <param name="metadata">Texts by name, or null.</param>
    /// <param name="file">What is disposed with it, or null.</param>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public StateDict(IReadOnlyList<StoredTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, IDisposable? file = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        (Tensors, Metadata, _file) = (tensors, metadata ?? NoMetadata, file);
        _byName = new Dictionary<string, StoredTensor>(tensors.Count, StringComparer.Ordinal);
        foreach (StoredTensor tensor in tensors)
        {
            if (!_byName.TryAdd(tensor.Name, tensor)) throw new ArgumentException($"Two tensors are named '{tensor.Name}'; expected each name once.", nameof(tensors));
        }
    }

    /// <summary>The tensors, in order.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>The file's texts, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public StoredTensor this[string name] => Find(name, out StoredTensor? tensor)
        ? tensor
        : throw new KeyNotFoundException($"There is no tensor '{name}' among the {Tensors.Count}.");

    /// <summary>Looks for the tensor of a name.</summary>
    public bool Find(string name, [NotNullWhen(true)] out StoredTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Other tensors of the same file, which is then disposed with either.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public StateDict With(IReadOnlyList<StoredTensor> tensors) => new(tensors, Metadata, _file);

    /// <summary>The same with every floating point tensor in another type, see <see cref="StoredTensor.As"/>.</summary>
    public StateDict As(TensorType type) => With([.. Tensors.Select(tensor => tensor.As(type))]);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();
}
