using System.Text;
using System.Text.RegularExpressions;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Client.Tests.Model;

/// <summary>A folder of weight files that are all zeros, so that the disk need not hold them; removed with the test.</summary>
internal sealed partial class WeightFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;

    public string Path(string name) => System.IO.Path.Combine(_root, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    /// <summary>Half precision weights of a preset as safetensors without our metadata.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="preset">The preset.</param>
    /// <param name="classes">The number of classes, or null for the preset's.</param>
    /// <param name="oldNames">Whether keys are those of torchvision's published v1 files.</param>
    public string Weights(string name, string preset, int? classes = null, bool oldNames = false)
    {
        ModelConfiguration model = ModelPresets.Get(preset);
        long end = 0;
        var header = new StringBuilder("{");
        foreach (ExpectedTensor tensor in TorchvisionLayout.Expected(model with { Classes = classes ?? model.Classes, Categories = [] }))
        {
            bool counter = tensor.Shape.Count == 0;
            long begin = end;
            end += tensor.Shape.Aggregate(counter ? 8L : 2, (product, size) => product * size);
            string key = oldNames ? Old(tensor.Name) : tensor.Name;
            header.Append($$"""{{(begin == 0 ? "" : ",")}}"{{key}}":{"dtype":"{{(counter ? "I64" : "F16")}}","shape":[{{string.Join(',', tensor.Shape)}}],"data_offsets":[{{begin}},{{end}}]}""");
        }
        byte[] text = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        using FileStream file = File.Create(Path(name));
        file.Write(BitConverter.GetBytes((long)text.Length));
        file.Write(text);
        file.SetLength(8 + text.Length + end);
        return Path(name);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Old(string key)
    {
        if (Mask().Match(key) is { Success: true } mask) return $"roi_heads.mask_head.mask_fcn{int.Parse(mask.Groups[1].Value) + 1}.{mask.Groups[2].Value}";
        return Nested().Replace(key, "$1.").Replace("rpn.head.conv.0.0.", "rpn.head.conv.", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"roi_heads\.mask_head\.(\d)\.0\.(.*)")]
    private static partial Regex Mask();

    [GeneratedRegex(@"((?:inner|layer)_blocks\.\d)\.0\.")]
    private static partial Regex Nested();
}
