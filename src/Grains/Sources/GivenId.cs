using MaskRcnn.Grains.Sources.Sorting;

namespace MaskRcnn.Grains.Sources;

/// <summary>An id, and where an image is given it.</summary>
internal readonly record struct GivenId(long Id, long Place)
{
    /// <summary>By id, then by place.</summary>
    public static ISortForm<GivenId> ById { get; } = new IdOrder();

    private sealed class IdOrder : ISortForm<GivenId>
    {
        public int Compare(GivenId x, GivenId y) => x.Id.CompareTo(y.Id) is not 0 and int order ? order : x.Place.CompareTo(y.Place);

        public int Bytes(GivenId item) => 2 * sizeof(long);

        public void Write(BinaryWriter file, GivenId item)
        {
            file.Write(item.Id);
            file.Write(item.Place);
        }

        public GivenId Read(BinaryReader file) => new(file.ReadInt64(), file.ReadInt64());
    }
}
