namespace MaskRcnn.Grains.Sources.Sorting;

/// <summary>How items are ordered and kept in files.</summary>
/// <typeparam name="T">The items.</typeparam>
internal interface ISortForm<T> : IComparer<T>
{
    /// <summary>About the bytes that an item takes in memory.</summary>
    int Bytes(T item);

    /// <summary>Writes an item.</summary>
    void Write(BinaryWriter file, T item);

    /// <summary>Reads what was written.</summary>
    T Read(BinaryReader file);
}
