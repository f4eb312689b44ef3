using System.Text.Json;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests;

/// <summary>Real annotations: COCO's and microscopy's.</summary>
public sealed class SharedDataTests
{
    [Theory(Skip = SharedData.SkipReason, SkipUnless = nameof(SharedData.IsThere), SkipType = typeof(SharedData))]
    [InlineData("bbox", IouType.Bbox)]
    [InlineData("segm", IouType.Segm)]
    public void A_hundred_images_of_COCO_have_the_published_numbers_to_the_last_bit(string name, IouType iouType)
    {
        JsonElement expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("cocoeval/expected.json"))).RootElement.GetProperty("cases").GetProperty(name);
        FileEvaluationReport report = FileEvaluation.Run(new FileEvaluationOptions
        {
            GroundTruthPath = SharedData.Path("cocoeval/instances_val2014_100.json"),
            ResultsPath = SharedData.Path("cocoeval/" + expected.GetProperty("detections").GetString()),
            Parameters = EvaluationParameters.Default(iouType),
        });
        Assert.Equal(expected.GetProperty("stats").EnumerateObject().Select(p => (p.Name, p.Value.GetDouble())), report.Summary.Lines.Select(l => (l.Key, l.Value)));
    }

    [Theory(Skip = SharedData.SkipReason, SkipUnless = nameof(SharedData.IsThere), SkipType = typeof(SharedData))]
    [InlineData("coco-mini/val.json")]
    [InlineData("nuclei/val.json")]
    public void Every_real_mask_survives_the_way_through_polygons(string file)
    {
        CocoDataset dataset = CocoReader.ReadDataset(SharedData.Path(file));
        Dictionary<long, CocoImage> images = dataset.Images.ToDictionary(i => i.Id);
        int compared = 0;
        foreach (CocoAnnotation annotation in dataset.Annotations)
        {
            CocoImage image = images[annotation.ImageId];
            Rle mask = annotation.Segmentation!.ToRle(image.Height, image.Width);
            if (mask.Area == 0) continue;
            Assert.True(mask.SameAs(PolygonRasterizer.Rasterize(MaskOutline.ToPolygons(mask), image.Height, image.Width)), $"annotation {annotation.Id}");
            compared++;
        }
        Assert.True(compared > 500);
    }
}
