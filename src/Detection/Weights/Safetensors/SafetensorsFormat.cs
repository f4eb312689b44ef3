namespace MaskRcnn.Detection.Weights.Safetensors;

/// <summary>The layout: eight bytes with the header's length, the header (JSON), the numbers.</summary>
internal static class SafetensorsFormat
{
    /// <summary>Bytes of the header's length.</summary>
    public const int Prefix = 8;

    /// <summary>The longest header, in bytes; the format's own limit.</summary>
    public const long LongestHeader = 100_000_000;

    public const string MetadataKey = "__metadata__";

    public const string TypeKey = "dtype";

    public const string ShapeKey = "shape";

    public const string OffsetsKey = "data_offsets";

    private static readonly Dictionary<string, TensorType> Types = new()
    {
        ["F64"] = TensorType.F64,
        ["F32"] = TensorType.F32,
        ["F16"] = TensorType.F16,
        ["BF16"] = TensorType.BF16,
        ["I64"] = TensorType.I64,
        ["I32"] = TensorType.I32,
        ["I16"] = TensorType.I16,
        ["I8"] = TensorType.I8,
        ["U8"] = TensorType.U8,
        ["BOOL"] = TensorType.Bool,
    };

    public static TensorType? TypeOf(string name) => Types.TryGetValue(name, out TensorType type) ? type : null;

    public static string NameOf(TensorType type) => type == TensorType.Bool ? "BOOL" : type.ToString();
}
