using MaskRcnn.Detection.Weights.Pickle;

namespace MaskRcnn.Detection.Weights.Torch;

/// <summary>The classes and functions that a pickle of weights may name. There is nothing behind the names.</summary>
internal static class TorchGlobals
{
    private static readonly Dictionary<string, TensorType> StorageTypes = new()
    {
        ["DoubleStorage"] = TensorType.F64,
        ["FloatStorage"] = TensorType.F32,
        ["HalfStorage"] = TensorType.F16,
        ["BFloat16Storage"] = TensorType.BF16,
        ["LongStorage"] = TensorType.I64,
        ["IntStorage"] = TensorType.I32,
        ["ShortStorage"] = TensorType.I16,
        ["CharStorage"] = TensorType.I8,
        ["ByteStorage"] = TensorType.U8,
        ["BoolStorage"] = TensorType.Bool,
        ["UntypedStorage"] = TensorType.U8,
        ["_UntypedStorage"] = TensorType.U8,
    };

    private static readonly PickleGlobal[] All =
    [
        new("collections", "OrderedDict"),
        new("collections", "Counter"),
        new("torch", "Size"),
        new("torch", "device"),
        new("torch._utils", "_rebuild_tensor"),
        new("torch._utils", "_rebuild_tensor_v2"),
        new("torch._utils", "_rebuild_parameter"),
        new("torch._utils", "_rebuild_parameter_with_state"),
        .. StorageTypes.Keys.Select(name => new PickleGlobal("torch", name)),
        .. new[] { "UntypedStorage", "_UntypedStorage" }.Select(name => new PickleGlobal("torch.storage", name)),
        .. new[]
        {
            "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64", "complex128",
            "strided", "contiguous_format", "channels_last", "preserve_format",
        }.Select(name => new PickleGlobal("torch", name)),
    ];

    private static readonly Dictionary<(string, string), PickleGlobal> ByName = All.ToDictionary(g => (g.Module, g.Name));

    /// <summary>The global of a name, or null when it is not on the list.</summary>
    public static PickleGlobal? Find(string module, string name) => ByName.GetValueOrDefault((module, name));

    /// <summary>The type of a storage's numbers, or null when the global is no storage.</summary>
    public static TensorType? StorageType(PickleGlobal global) => StorageTypes.TryGetValue(global.Name, out TensorType type) ? type : null;
}
