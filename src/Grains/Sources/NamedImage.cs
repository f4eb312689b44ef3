using MaskRcnn.Grains.Sources.Sorting;

namespace MaskRcnn.Grains.Sources;

/// <summary>An image as a manifest, COCO file or archive names it.</summary>
/// <param name="Name">Path below the collection.</param>
/// <param name="Place">Where it is named: line, number in <c>images</c>, or byte of the archive's header. Ascending.</param>
/// <param name="Id">The id that it is given, or null.</param>
/// <param name="Offset">Where its bytes begin in an archive; −1: there are none.</param>
/// <param name="Size">How many they are.</param>
internal readonly record struct NamedImage(string Name, long Place, long? Id = null, long Offset = -1, long Size = 0)
{
    /// <summary>By name, in ordinal order, then by place.</summary>
    public static ISortForm<NamedImage> ByName { get; } = new NameOrder();

    private sealed class NameOrder : ISortForm<NamedImage>
    {
        /// <summary>The string's head, its reference and the numbers.</summary>
        private const int FixedBytes = 80;

        public int Compare(NamedImage x, NamedImage y) => string.CompareOrdinal(x.Name, y.Name) is not 0 and int order ? order : x.Place.CompareTo(y.Place);

        public int Bytes(NamedImage item) => FixedBytes + 2 * item.Name.Length;

        public void Write(BinaryWriter file, NamedImage item)
        {
            file.Write(item.Name);
            file.Write7BitEncodedInt64(item.Place);
            file.Write(item.Id is not null);
            if (item.Id is { } id) file.Write7BitEncodedInt64(id);
            file.Write7BitEncodedInt64(item.Offset + 1);
            file.Write7BitEncodedInt64(item.Size);
        }

        public NamedImage Read(BinaryReader file)
        {
            string name = file.ReadString();
            long place = file.Read7BitEncodedInt64();
            long? id = file.ReadBoolean() ? file.Read7BitEncodedInt64() : null;
            return new NamedImage(name, place, id, file.Read7BitEncodedInt64() - 1, file.Read7BitEncodedInt64());
        }
    }
}
