using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Client.Tests.Coco;

/// <summary>A folder of small data sets, removed with the test.</summary>
internal sealed class DatasetFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    /// <summary>A data set of n images of 4 × 4 pixels, each with one object in the upper left.</summary>
    public string Dataset(string name, int images, string imageName = "img", string category = "cat")
    {
        Rle mask = Rle.FromCounts(4, 4, [0, 2, 2, 2, 10]);
        CocoWriter.WriteDataset(Path(name), new CocoDataset
        {
            Images = [.. Enumerable.Range(1, images).Select(i => new CocoImage { Id = i, FileName = $"{imageName}{i}.png", Height = 4, Width = 4 })],
            Annotations =
            [
                .. Enumerable.Range(1, images).Select(i => new CocoAnnotation
                {
                    Id = i, ImageId = i, CategoryId = 1, Segmentation = Segmentation.CompressedRle.From(mask), Box = mask.BoundingBox, Area = 4, IsCrowd = false,
                }),
            ],
            Categories = [new CocoCategory { Id = 1, Name = category }],
        });
        return Path(name);
    }

    public CocoDataset Read(string name) => CocoReader.ReadDataset(Path(name), TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
