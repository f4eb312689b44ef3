using MaskRcnn.Samples.Microscopy;
using MaskRcnn.Samples.Microscopy.Measurement;

namespace MaskRcnn.Samples.Tests.Microscopy;

/// <summary>What docs/samples.md promises of every set.</summary>
public sealed class PromiseTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 7)]
    [InlineData(-5, 12)]
    [InlineData(int.MaxValue, 24)]
    [InlineData(1, 24)]
    public void Of_any_set_a_fifth_touches_and_a_tenth_is_dim(int seed, int count)
    {
        SampleReport report = Report(seed, count);
        Assert.Equal(count, report.Images);
        Assert.True(report.Touching >= .2 * report.Nuclei, $"{report.Touching} of {report.Nuclei} nuclei touch another.");
        Assert.True(report.Dim >= .1 * report.Nuclei, $"{report.Dim} of {report.Nuclei} nuclei are dim.");
        Assert.InRange(report.NucleiPerImage.Least, 5, report.NucleiPerImage.Median);
        Assert.InRange(report.NucleiPerImage.Most, report.NucleiPerImage.Median, 300);
        Assert.Equal(count, report.Sizes.Sum(size => size.Images));
        Assert.True(report.Sizes.Count >= Math.Min(count, 3), $"{count} images have {report.Sizes.Count} sizes.");
        // Light is uneven, edges are not sharp, and there is noise, in each image.
        Assert.InRange(report.LightRange.Least, .8, 100);
        Assert.InRange(report.EdgeSpill.Least, .12, .3);
        Assert.InRange(report.EdgeSpill.Most, .12, .45);
        Assert.InRange(report.Noise.Least, .7, 3);
        Assert.InRange(report.Noise.Most, .7, 3);
        // Dim is faint, but not invisible.
        Assert.InRange(report.Contrast.Least, 1.5, 3);
    }

    [Fact]
    public void Most_sets_hold_few_dim_nuclei_more_than_promised_and_sizes_from_small_to_large()
    {
        SampleReport report = Report(11, 24);
        Assert.InRange(report.Dim / (double)report.Nuclei, .1, .13);
        Assert.InRange(report.Touching / (double)report.Nuclei, .2, .3);
        Assert.InRange(report.Diameter.Least, 6, 13);
        Assert.InRange(report.Diameter.Most, 45, 75);
        Assert.InRange(report.NucleiPerImage.Least, 5, 13);
        Assert.InRange(report.NucleiPerImage.Most, 120, 300);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    public void Measured_again_in_plain_loops_the_numbers_are_the_same(int seed, int index)
    {
        SampleImage image = MicroscopySamples.MakeOne(seed, index);
        var again = new MeasuredAgain(image);
        Assert.Equal(again.Touching, image.Measurement.Touching);
        Assert.Equal(again.Noise, image.Measurement.Noise, 1e-9);
        Assert.Equal(again.Contrasts.Length, image.Measurement.Nuclei);
        for (int i = 0; i < again.Contrasts.Length; i++) Assert.Equal(again.Contrasts[i], image.Measurement.Contrasts[i], 1e-6);
        Assert.Equal(again.Contrasts.Count(c => c < 3), image.Measurement.Dim);
        Assert.Equal(image.Masks().Select(m => Math.Sqrt(4 * m.Area / Math.PI)), image.Measurement.Diameters, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    private static SampleReport Report(int seed, int count)
    {
        var tally = new SampleTally();
        foreach (SampleImage image in MicroscopySamples.Make(new MicroscopyOptions { Seed = seed, Count = count })) tally.Add(image);
        return tally.ToReport();
    }
}
