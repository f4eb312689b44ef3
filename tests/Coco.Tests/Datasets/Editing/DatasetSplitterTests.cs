using CsCheck;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Editing;

namespace MaskRcnn.Coco.Tests.Datasets.Editing;

public sealed class DatasetSplitterTests
{
    [Fact]
    public void Parts_share_no_image_and_lose_none()
    {
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 20].Array[1, 6], Gen.Int).Sample((n, weights, seed) =>
        {
            CocoDataset dataset = SampleData.Numbered(n);
            double[] fractions = [.. weights.Select(w => (double)w / weights.Sum())];
            IReadOnlyList<CocoDataset> parts = DatasetSplitter.Split("f.json", dataset, fractions, seed);

            Assert.Equal(fractions.Length, parts.Count);
            Assert.Equal(dataset.Images, parts.SelectMany(p => p.Images).OrderBy(i => i.Id));
            Assert.Equal(dataset.Annotations, parts.SelectMany(p => p.Annotations).OrderBy(a => a.Id));
            for (int i = 0; i < parts.Count; i++)
            {
                Assert.InRange(parts[i].Images.Count, (fractions[i] * n) - 1 + 1e-6, (fractions[i] * n) + 1 - 1e-6);
                Assert.Equal(parts[i].Images.OrderBy(image => image.Id), parts[i].Images);
                Assert.Equal(parts[i].Images, DatasetSplitter.Split("f.json", dataset, fractions, seed)[i].Images);
            }
        });
    }

    [Theory]
    [InlineData(10, new[] { .8, .2 }, new[] { 8, 2 })]
    [InlineData(10, new[] { .7, .2, .1 }, new[] { 7, 2, 1 })]
    [InlineData(7, new[] { .5, .5 }, new[] { 4, 3 })]
    [InlineData(5, new[] { .34, .33, .33 }, new[] { 2, 2, 1 })]
    [InlineData(10, new[] { .5 }, new[] { 5 })]
    [InlineData(10, new[] { .1, .1, .1 }, new[] { 1, 1, 1 })]
    public void Sizes_are_rounded_by_largest_remainder(int images, double[] fractions, int[] sizes) =>
        Assert.Equal(sizes, DatasetSplitter.Split("f.json", SampleData.Numbered(images), fractions, 1).Select(p => p.Images.Count));

    [Theory]
    [InlineData(new double[0], "no fraction")]
    [InlineData(new[] { .8, .3 }, "sum to 1.1")]
    [InlineData(new[] { 1.0, 0.0 }, "A fraction is 0")]
    [InlineData(new[] { -.5, .5 }, "A fraction is -0.5")]
    [InlineData(new[] { double.NaN }, "A fraction is NaN")]
    public void Wrong_fractions_are_refused(double[] fractions, string problem)
    {
        Assert.Contains(problem, DatasetSplitter.CheckFractions(fractions), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => DatasetSplitter.Split("f.json", SampleData.Numbered(3), fractions, 1));
    }

    [Fact]
    public void Two_images_with_one_id_are_refused()
    {
        CocoDataset dataset = SampleData.Dataset([SampleData.Image(1), SampleData.Image(1)], []);
        Assert.Contains(
            "the id 1 is that of two images",
            Assert.Throws<DatasetContentException>(() => DatasetSplitter.Split("f.json", dataset, [1], 1)).Message,
            StringComparison.Ordinal);
    }
}
