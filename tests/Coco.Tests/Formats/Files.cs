using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats;

namespace MaskRcnn.Coco.Tests.Formats;

/// <summary>Conversions between files of one temporary folder.</summary>
internal static class Files
{
    public static ConversionReport Convert(string input, ConversionTarget to, string output, DatasetKind? from = null, string? images = null, string? categories = null) =>
        DatasetConverter.Convert(
            new ConversionOptions { Input = input, Output = output, To = to, From = from, Images = images, Categories = categories }, TestContext.Current.CancellationToken);

    public static CocoDataset Read(string path) => CocoReader.ReadDataset(path, TestContext.Current.CancellationToken);

    /// <summary>Asserts that the report loses no object uncounted.</summary>
    public static ConversionReport Balanced(this ConversionReport report)
    {
        Assert.Equal(report.ObjectsIn, report.ObjectsOut + report.SkippedCrowds + report.SkippedEmptyMasks + report.SkippedHidden + report.SkippedWithoutMask);
        return report;
    }
}
