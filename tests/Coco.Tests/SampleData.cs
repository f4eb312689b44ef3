using CsCheck;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests;

/// <summary>Small data sets and masks, made in code.</summary>
internal static class SampleData
{
    /// <summary>Random masks of up to 14 × 14: holes, specks and diagonal touches are frequent.</summary>
    public static Gen<Rle> Masks { get; } =
        Gen.Select(Gen.Int[1, 14], Gen.Int[1, 14]).SelectMany((height, width) => MasksOf(height, width));

    public static Gen<Rle> MasksOf(int height, int width) =>
        Gen.Int[1, 9].SelectMany(density => Gen.Int[0, 9].Select(n => (byte)(n < density ? 1 : 0)).Array[height * width])
            .Select(pixels => RleDense.Encode(pixels, height, width));

    /// <summary>A mask drawn with # for foreground, one string a row.</summary>
    public static Rle Mask(params string[] rows) =>
        RleDense.Encode([.. rows.SelectMany(row => row.Select(c => (byte)(c == '#' ? 1 : 0)))], rows.Length, rows[0].Length);

    public static CocoImage Image(long id, int width = 10, int height = 10, string? name = null) =>
        new() { Id = id, FileName = name ?? $"{id}.jpg", Height = height, Width = width };

    public static CocoAnnotation Object(long id, long imageId, Rle mask, long categoryId = 1, bool crowd = false) => new()
    {
        Id = id,
        ImageId = imageId,
        CategoryId = categoryId,
        Segmentation = Segmentation.CompressedRle.From(mask),
        Box = mask.BoundingBox,
        Area = mask.Area,
        IsCrowd = crowd,
    };

    public static CocoDataset Dataset(IEnumerable<CocoImage> images, IEnumerable<CocoAnnotation> annotations, params string[] categories) => new()
    {
        Images = [.. images],
        Annotations = [.. annotations],
        Categories = [.. (categories.Length == 0 ? ["thing"] : categories).Select((name, i) => new CocoCategory { Id = i + 1, Name = name })],
    };

    /// <summary>A data set of n images, image i with i % 3 annotations.</summary>
    public static CocoDataset Numbered(int n) => Dataset(
        Enumerable.Range(1, n).Select(i => Image(i)),
        Enumerable.Range(1, n).SelectMany(i => Enumerable.Range(0, i % 3).Select(k => Object(10 * i + k, i, Mask("#.", ".#")))));

    public static string WriteDataset(TemporaryFolder folder, string name, CocoDataset dataset)
    {
        CocoWriter.WriteDataset(folder.File(name), dataset);
        return folder.File(name);
    }

    public static Rle MaskOf(CocoDataset dataset, CocoAnnotation annotation)
    {
        CocoImage image = dataset.Images.Single(i => i.Id == annotation.ImageId);
        return annotation.Segmentation!.ToRle(image.Height, image.Width);
    }
}
