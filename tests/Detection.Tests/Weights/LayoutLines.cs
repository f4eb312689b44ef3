using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>Lists of keys as text: key, shape, type, param or buffer, and what else a list has.</summary>
internal static class LayoutLines
{
    public static IEnumerable<string[]> Of(string file) =>
        File.ReadLines(WeightData.Layout(file)).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t'));

    public static string[] Columns(ExpectedTensor tensor) =>
    [
        tensor.Name,
        tensor.Shape.Count == 0 ? "scalar" : string.Join('x', tensor.Shape),
        tensor.Type == TensorType.I64 ? "int64" : "float32",
        tensor.IsParameter ? "param" : "buffer",
    ];
}
