using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Statistics;

namespace MaskRcnn.Coco.Tests.Datasets.Statistics;

public sealed class DatasetStatisticsTests
{
    [Fact]
    public void Everything_is_counted_once()
    {
        var mask = SampleData.Mask("#");
        CocoAnnotation one = SampleData.Object(1, 1, mask);
        CocoDataset dataset = SampleData.Dataset(
            [SampleData.Image(1, 10, 20), SampleData.Image(2, 10, 20), SampleData.Image(3, 30, 5), SampleData.Image(4, 10, 20)],
            [
                one with { Area = 1023.9 },
                one with { Id = 2, Area = 1024 },
                one with { Id = 3, Area = 9215.9, CategoryId = 2, Segmentation = new Segmentation.Polygons([[0, 0, 1, 0, 1, 1]]) },
                one with { Id = 4, ImageId = 2, Area = 9216, Segmentation = null, Keypoints = [1, 1, 2] },
                one with { Id = 5, ImageId = 2, Area = null, Segmentation = new Segmentation.UncompressedRle(20, 10, [200]) },
                one with { Id = 6, ImageId = 3, Area = 5, IsCrowd = true },
            ],
            "a", "b", "c");

        DatasetStatistics statistics = DatasetStatistics.Of(dataset);

        Assert.Equal((4, 6, 1, 1, 1), (statistics.Images, statistics.Annotations, statistics.Crowds, statistics.WithKeypoints, statistics.ImagesWithoutAnnotations));
        Assert.Equal([new CategoryCount(1, "a", 3, 4, 1), new CategoryCount(2, "b", 1, 1, 0), new CategoryCount(3, "c", 0, 0, 0)], statistics.Categories);
        Assert.Equal(new AreaCounts(1, 2, 1, 1), statistics.Areas);
        Assert.Equal(new SegmentationCounts(1, 1, 1, 3), statistics.Segmentations);
        Assert.Equal(new Spread(0, 1, 1.25, 3), statistics.ObjectsPerImage);
        Assert.Equal(new Spread(10, 10, 15, 30), statistics.Widths);
        Assert.Equal(new Spread(5, 20, 16.25, 20), statistics.Heights);
        Assert.Equal([new ImageSizeCount(10, 20, 3), new ImageSizeCount(30, 5, 1)], statistics.ImageSizes);
    }

    [Fact]
    public void An_empty_data_set_has_zeros()
    {
        DatasetStatistics statistics = DatasetStatistics.Of(new CocoDataset());
        Assert.Equal(new Spread(0, 0, 0, 0), statistics.ObjectsPerImage);
        Assert.Empty(statistics.ImageSizes);
    }
}
