namespace MaskRcnn.Coco.Evaluation;

/// <summary>A range of object areas. Both ends belong to it, so an area of exactly 1024 is small and medium.</summary>
/// <param name="Name">The name in tables, for instance <c>small</c>; the statistics look for all, small, medium and large.</param>
/// <param name="Low">The least area, pixels².</param>
/// <param name="High">The largest area, pixels².</param>
public readonly record struct AreaRange(string Name, double Low, double High)
{
    /// <summary>Whether objects of this area are left out.</summary>
    /// <param name="area">An area, pixels².</param>
    public bool Excludes(double area) => area < Low || area > High;
}
