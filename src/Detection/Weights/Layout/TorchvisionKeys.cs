using System.Text.RegularExpressions;

namespace MaskRcnn.Detection.Weights.Layout;

/// <summary>
/// Brings the keys of a file to those that torchvision has today. Its published v1 files were saved before some modules
/// were nested, so four families of keys have older names.
/// </summary>
public static partial class TorchvisionKeys
{
    private const string BatchCounter = ".num_batches_tracked";

    /// <summary>Renames old keys, leaves out counters of batches that the model does not have, and adds those that the file does not have.</summary>
    /// <param name="weights">The file's tensors.</param>
    /// <param name="expected">The model's tensors, or null to keep every counter.</param>
    /// <returns>The tensors under today's names, of the same file.</returns>
    /// <exception cref="StateDictMismatchException">A tensor is there under its old and its new name.</exception>
    public static KeyMapping Map(StateDict weights, IReadOnlyList<ExpectedTensor>? expected = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        HashSet<string>? known = expected?.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        var tensors = new List<StoredTensor>(weights.Tensors.Count);
        int renamed = 0, dropped = 0;
        foreach (StoredTensor tensor in weights.Tensors)
        {
            string name = Today(tensor.Name);
            if (known is not null && name.EndsWith(BatchCounter, StringComparison.Ordinal) && !known.Contains(name))
            {
                dropped++;
                continue;
            }
            if (name != tensor.Name)
            {
                renamed++;
                if (weights.Find(name, out _)) throw new StateDictMismatchException($"There are both '{tensor.Name}' and '{name}', which is its name today; expected one of them.");
            }
            tensors.Add(tensor.Named(name));
        }
        // Only training counts batches, and files without the counters fit, as in torch.
        HashSet<string> present = [.. tensors.Select(tensor => tensor.Name)];
        foreach (ExpectedTensor counter in expected?.Where(e => e.Name.EndsWith(BatchCounter, StringComparison.Ordinal) && !present.Contains(e.Name)) ?? [])
            tensors.Add(new StoredTensor(counter.Name, counter.Type, counter.Shape, new byte[sizeof(long)]));
        return new KeyMapping(weights.With(tensors), renamed, dropped);
    }

    /// <summary>Today's name of a key.</summary>
    private static string Today(string key)
    {
        if (FpnBlock().Match(key) is { Success: true } block) return $"{block.Groups[1].Value}.0.{block.Groups[2].Value}";
        if (RpnConvolution().Match(key) is { Success: true } rpn) return $"rpn.head.conv.0.0.{rpn.Groups[1].Value}";
        if (MaskConvolution().Match(key) is { Success: true } mask) return $"roi_heads.mask_head.{mask.Groups[1].Value[0] - '1'}.0.{mask.Groups[2].Value}";
        return key;
    }

    [GeneratedRegex(@"\A(backbone\.fpn\.(?:inner|layer)_blocks\.[0-9])\.(weight|bias)\z")]
    private static partial Regex FpnBlock();

    [GeneratedRegex(@"\Arpn\.head\.conv\.(weight|bias)\z")]
    private static partial Regex RpnConvolution();

    [GeneratedRegex(@"\Aroi_heads\.mask_head\.mask_fcn([1-9])\.(weight|bias)\z")]
    private static partial Regex MaskConvolution();
}
