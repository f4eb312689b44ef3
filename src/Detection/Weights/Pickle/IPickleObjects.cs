namespace MaskRcnn.Detection.Weights.Pickle;

/// <summary>What the objects of a pickle mean. Nothing here may run anything that the pickle chose.</summary>
internal interface IPickleObjects
{
    /// <summary>The global of a name, from a fixed list.</summary>
    /// <exception cref="WeightFileException">It is not on the list.</exception>
    PickleGlobal Global(string module, string name);

    /// <summary>What calling a global stands for.</summary>
    /// <exception cref="WeightFileException">The arguments are not what it takes.</exception>
    object? Call(PickleGlobal function, object?[] arguments);

    /// <summary>The object of a persistent id.</summary>
    /// <exception cref="WeightFileException">It stands for nothing known.</exception>
    object Persistent(object? id);
}
