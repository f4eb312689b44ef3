using System.Text;

namespace MaskRcnn.Detection.Weights.Layout;

/// <summary>What keeps the tensors of a file from being those of a model.</summary>
/// <param name="Missing">The model has them, the file does not.</param>
/// <param name="Unexpected">The file has them, the model does not.</param>
/// <param name="Misfits">Both have them, with different shapes, or floating point numbers against integers.</param>
public sealed record StateDictDifferences(IReadOnlyList<ExpectedTensor> Missing, IReadOnlyList<StoredTensor> Unexpected, IReadOnlyList<TensorMisfit> Misfits)
{
    /// <summary>Most tensors that a message names.</summary>
    private const int Named = 20;

    /// <summary>How many there are.</summary>
    public int Count => Missing.Count + Unexpected.Count + Misfits.Count;

    /// <summary>Whether there are none.</summary>
    public bool Fits => Count == 0;

    /// <summary>Every difference as one line, grouped by kind.</summary>
    public IReadOnlyList<string> Lines =>
    [
        .. Missing.Select(tensor => $"missing {tensor}"),
        .. Unexpected.Select(tensor => $"unexpected {tensor.Name} {TensorTypes.ShapeText(tensor.Shape)}"),
        .. Misfits.Select(misfit => misfit.ToString()),
    ];

    /// <summary>The counts and the first 20 differences.</summary>
    public override string ToString()
    {
        if (Fits) return "every key and shape fits";
        var text = new StringBuilder($"{Missing.Count} missing, {Unexpected.Count} unexpected, {Misfits.Count} of another shape or type:");
        foreach (string line in Lines.Take(Named)) text.Append("\n  ").Append(line);
        if (Count > Named) text.Append($"\n  … and {Count - Named} more");
        return text.ToString();
    }
}
