using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>The files of tests/data/detection, see its README.</summary>
internal static class WeightData
{
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Here(), "../../data/detection"));

    private static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>What each readable file of <c>weights</c> holds.</summary>
    public static IReadOnlyDictionary<string, ExpectedNumbers[]> Expected { get; } = JsonSerializer.Deserialize<Dictionary<string, ExpectedNumbers[]>>(
        File.ReadAllText(InWeights("expected.json")), Json)!;

    public static string InWeights(string name) => Path.Combine(Folder, "weights", name);

    public static string Layout(string name) => Path.Combine(Folder, "layouts", name);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

/// <summary>A tensor as PyTorch printed it.</summary>
internal sealed record ExpectedNumbers(string Name, TensorType Type, long[] Shape, double[] Values);
