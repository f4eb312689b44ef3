using CsCheck;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Editing;

namespace MaskRcnn.Coco.Tests.Datasets.Editing;

public sealed class DatasetSamplerTests
{
    [Fact]
    public void A_sample_holds_the_images_asked_for_in_order_with_all_their_annotations()
    {
        Gen.Select(Gen.Int[1, 30], Gen.Int).SelectMany((n, seed) => Gen.Int[1, n].Select(count => (n, count, seed))).Sample(test =>
        {
            CocoDataset dataset = SampleData.Numbered(test.n);
            CocoDataset sample = DatasetSampler.Sample("f.json", dataset, test.count, test.seed);

            long[] ids = [.. sample.Images.Select(i => i.Id)];
            Assert.Equal(test.count, ids.Length);
            Assert.Equal(ids.Distinct().Order(), ids);
            Assert.Equal(dataset.Annotations.Where(a => ids.Contains(a.ImageId)), sample.Annotations);
            Assert.Equal(dataset.Categories, sample.Categories);
            Assert.Equal(ids, DatasetSampler.Sample("f.json", dataset, test.count, test.seed).Images.Select(i => i.Id));
        });
    }

    [Fact]
    public void The_same_seed_gives_the_same_images_on_every_machine() =>
        Assert.Equal([1L, 3, 4, 7], DatasetSampler.Sample("f.json", SampleData.Numbered(10), 4, 42).Images.Select(i => i.Id));

    [Fact]
    public void Every_image_is_drawn_about_as_often()
    {
        CocoDataset dataset = SampleData.Numbered(10);
        var drawn = Enumerable.Range(0, 3000).SelectMany(seed => DatasetSampler.Sample("f.json", dataset, 3, seed).Images).CountBy(i => i.Id).ToList();
        Assert.Equal(10, drawn.Count);
        // 900 expected, standard deviation 25.
        Assert.All(drawn, image => Assert.InRange(image.Value, 775, 1025));
    }

    [Fact]
    public void More_images_than_there_are_is_refused_with_both_numbers()
    {
        var exception = Assert.Throws<DatasetContentException>(() => DatasetSampler.Sample("f.json", SampleData.Numbered(3), 4, 1));
        Assert.Contains("3 images, fewer than the 4", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_of_no_image_are_refused_rather_than_lost()
    {
        CocoDataset dataset = SampleData.Numbered(3);
        var exception = Assert.Throws<DatasetContentException>(() =>
            DatasetSampler.Sample("f.json", dataset with { Annotations = [dataset.Annotations[0] with { ImageId = 99 }] }, 1, 1));
        Assert.Contains("\"image_id\" is 99", exception.Message, StringComparison.Ordinal);
    }
}
