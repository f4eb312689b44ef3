namespace MaskRcnn.Detection.Weights.Pickle;

/// <summary>A list or a set, which are not told apart.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A dictionary, plain or ordered, as its pairs in order; keys are not compared, later pairs win.</summary>
internal sealed class PickleDict
{
    public List<KeyValuePair<object?, object?>> Pairs { get; } = [];
}

/// <summary>A tuple.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A class or function that a pickle may name; it is only a name here, and nothing is ever called.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public string FullName => $"{Module}.{Name}";
}
