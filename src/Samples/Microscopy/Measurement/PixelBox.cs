namespace MaskRcnn.Samples.Microscopy.Measurement;

/// <summary>A box of whole pixels; Right and Bottom are the first outside.</summary>
internal readonly record struct PixelBox(int Left, int Top, int Right, int Bottom)
{
    public static PixelBox Empty { get; } = new(int.MaxValue, int.MaxValue, 0, 0);

    public PixelBox Grown(int by) => new(Left - by, Top - by, Right + by, Bottom + by);

    public PixelBox With(int x, int y) => new(Math.Min(Left, x), Math.Min(Top, y), Math.Max(Right, x + 1), Math.Max(Bottom, y + 1));
}
