namespace MaskRcnn.Detection.Weights.Layout;

/// <summary>Compares a file's tensors with a model's. torch's own check names no keys, and takes shapes that broadcast.</summary>
public static class StateDictCheck
{
    /// <summary>Finds every difference.</summary>
    /// <param name="weights">The file's tensors, see <see cref="TorchvisionKeys"/>.</param>
    /// <param name="expected">The model's tensors.</param>
    public static StateDictDifferences Compare(StateDict weights, IReadOnlyList<ExpectedTensor> expected)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(expected);
        var missing = new List<ExpectedTensor>();
        var misfits = new List<TensorMisfit>();
        foreach (ExpectedTensor tensor in expected)
        {
            if (!weights.Find(tensor.Name, out StoredTensor? found)) missing.Add(tensor);
            else if (!found.Shape.SequenceEqual(tensor.Shape) || found.Type.IsFloating() != tensor.Type.IsFloating()) misfits.Add(new TensorMisfit(found, tensor));
        }
        var known = expected.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        return new StateDictDifferences(missing, [.. weights.Tensors.Where(t => !known.Contains(t.Name))], misfits);
    }

    /// <summary>Refuses weights that do not fit.</summary>
    /// <param name="weights">The file's tensors.</param>
    /// <param name="expected">The model's tensors.</param>
    /// <param name="path">The file, for the message.</param>
    /// <param name="model">The model's name, for the message.</param>
    /// <exception cref="StateDictMismatchException">Something is missing, unexpected, or of another shape.</exception>
    public static void Require(StateDict weights, IReadOnlyList<ExpectedTensor> expected, string path, string model)
    {
        StateDictDifferences differences = Compare(weights, expected);
        if (!differences.Fits) throw new StateDictMismatchException(path, model, differences);
    }
}
