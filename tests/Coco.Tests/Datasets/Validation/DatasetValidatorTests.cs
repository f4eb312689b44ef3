using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Validation;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Datasets.Validation;

public sealed class DatasetValidatorTests
{
    private static readonly Rle Small = SampleData.Mask("##........", "##........", "..........", "..........", "..........", "..........", "..........", "..........", "..........", "..........");

    private static readonly CocoAnnotation Good = SampleData.Object(1, 1, Small);

    [Fact]
    public void A_sound_data_set_has_no_findings()
    {
        Assert.Empty(Validate([Good]).Groups);
        Assert.Equal((0, 0), (Validate([Good]).Errors, Validate([Good]).Warnings));
    }

    [Fact]
    public void Double_ids_and_names_are_found()
    {
        CocoDataset dataset = new()
        {
            Images = [SampleData.Image(1), SampleData.Image(1, name: "b.jpg"), SampleData.Image(2, name: "b.jpg")],
            Annotations = [Good, Good],
            Categories = [new CocoCategory { Id = 1, Name = "a" }, new CocoCategory { Id = 1, Name = "a" }],
        };
        ValidationReport report = DatasetValidator.Validate("f.json", dataset, TestContext.Current.CancellationToken);
        Assert.Equal(
            [FindingCodes.DuplicateAnnotationId, FindingCodes.DuplicateCategoryId, FindingCodes.DuplicateCategoryName, FindingCodes.DuplicateFileName, FindingCodes.DuplicateImageId],
            report.Groups.Select(g => g.Code).Order(StringComparer.Ordinal));
        Assert.Equal((3, 2), (report.Errors, report.Warnings));
    }

    [Fact]
    public void Every_broken_reference_is_counted_and_the_first_20_are_listed()
    {
        ValidationReport report = Validate([.. Enumerable.Range(1, 50).Select(i => Good with { Id = i, ImageId = 900 + i, CategoryId = i % 2 == 0 ? 1 : 77 })]);

        FindingGroup images = Group(report, FindingCodes.UnknownImage), categories = Group(report, FindingCodes.UnknownCategory);
        Assert.Equal((50, 20), (images.Count, images.First.Count));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long?)i), images.First.Select(f => f.AnnotationId));
        Assert.Equal((25, 20), (categories.Count, categories.First.Count));
        Assert.Equal("f.json: annotation 1: \"image_id\" is 901; expected one of the data set's 1 images.", images.First[0].Message);
        Assert.Equal(75, report.Errors);
    }

    [Fact]
    public void Missing_members_are_found()
    {
        ValidationReport report = Validate([Good with { IsCrowd = null, Area = null, Box = null }, Good with { Id = null }]);
        Assert.Equal(
            [(FindingCodes.MissingIsCrowd, FindingSeverity.Error), (FindingCodes.MissingArea, FindingSeverity.Error), (FindingCodes.MissingBox, FindingSeverity.Warning), (FindingCodes.MissingId, FindingSeverity.Error)],
            report.Groups.Select(g => (g.Code, g.Severity)));
        Assert.Contains("annotation at position 2", Group(report, FindingCodes.MissingId).First[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_id_0_is_an_error_because_pycocotools_takes_it_for_not_matched() => Only(FindingCodes.IdZero, Good with { Id = 0 });

    [Fact]
    public void A_wrong_rle_size_is_found_with_both_sizes() =>
        Assert.Contains(
            "[2, 2]; expected the image's [10, 10]",
            Only(FindingCodes.RleSize, Good with { Segmentation = new Segmentation.CompressedRle(2, 2, "04") }).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("zz")]
    [InlineData("0")]
    [InlineData("P")]
    public void An_rle_that_does_not_decode_is_found(string counts) => Only(FindingCodes.InvalidMask, Good with { Segmentation = new Segmentation.CompressedRle(10, 10, counts) });

    [Fact]
    public void Run_lengths_that_do_not_sum_to_the_size_are_found() =>
        Only(FindingCodes.InvalidMask, Good with { Segmentation = new Segmentation.UncompressedRle(10, 10, [5, 5]) });

    [Fact]
    public void An_empty_mask_is_found() => Only(FindingCodes.EmptyMask, Good with { Segmentation = Segmentation.CompressedRle.From(Rle.Empty(10, 10)) });

    [Fact]
    public void A_polygon_of_two_points_is_found() => Only(FindingCodes.PolygonTooShort, Good with { Segmentation = new Segmentation.Polygons([[0, 0, 2, 0, 2, 2, 0, 2], [1, 1, 4, 4]]) });

    [Fact]
    public void A_polygon_out_of_the_image_is_found_but_a_rounding_error_is_not()
    {
        Only(FindingCodes.PolygonOutside, Good with { Segmentation = new Segmentation.Polygons([[0, 0, 2, 0, 2, 12, 0, 2]]) });
        Assert.Empty(Validate([Good with { Segmentation = new Segmentation.Polygons([[-.4, 0, 2, 0, 2, 2, -.4, 2]]) }]).Groups);
    }

    [Theory]
    [InlineData(0, 0, 0, 3)]
    [InlineData(0, 0, 3, -1)]
    public void A_box_without_extent_is_found(double x, double y, double width, double height) => Only(FindingCodes.BoxSize, Good with { Box = new BoundingBox(x, y, width, height) });

    [Fact]
    public void A_box_out_of_its_image_is_found() =>
        Assert.Contains(
            "[8, 0, 5, 2]", Only(FindingCodes.BoxOutside, Good with { Box = new BoundingBox(8, 0, 5, 2) }).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_area_far_from_the_masks_is_found_but_not_that_of_a_crowd()
    {
        Only(FindingCodes.AreaMismatch, Good with { Area = 400 });
        Assert.Empty(Validate([Good with { Area = 400, IsCrowd = true }]).Groups);
    }

    [Fact]
    public void Keypoints_are_checked_against_their_category()
    {
        CocoDataset dataset = SampleData.Dataset([SampleData.Image(1)], [Good with { Keypoints = [1, 1, 2, 0, 0, 0], NumKeypoints = 1 }]) with
        {
            Categories = [new CocoCategory { Id = 1, Name = "person", Extra = [new ExtraMember("keypoints", "[\"nose\", \"eye\"]"u8.ToArray())] }],
        };
        Assert.Empty(DatasetValidator.Validate("f.json", dataset, TestContext.Current.CancellationToken).Groups);
        ValidationReport report = DatasetValidator.Validate(
            "f.json", dataset with { Annotations = [Good with { Keypoints = [1, 1, 3], NumKeypoints = 2 }] },
            TestContext.Current.CancellationToken);
        Assert.Equal([FindingCodes.KeypointsLength, FindingCodes.KeypointVisibility, FindingCodes.NumKeypoints], report.Groups.Select(g => g.Code));
    }

    [Fact]
    public void Keypoints_of_one_category_must_be_as_many_where_it_does_not_say() =>
        Assert.Equal(
            2,
            Group(Validate([Good with { Keypoints = [1, 1, 2] }, Good with { Id = 2, Keypoints = [1, 1, 2, 1, 1, 2] }]), FindingCodes.KeypointsLength).First[0].AnnotationId);

    [Fact]
    public void Results_are_checked_against_the_data_set()
    {
        CocoDataset dataset = SampleData.Dataset([SampleData.Image(1)], [Good]);
        CocoAnnotation result = new() { ImageId = 1, CategoryId = 1, Score = .5, Box = new BoundingBox(0, 0, 2, 2) };
        Assert.Empty(DatasetValidator.Validate("f.json", dataset, "r.json", [result], TestContext.Current.CancellationToken).Groups);

        ValidationReport report = DatasetValidator.Validate("f.json", dataset, "r.json",
        [
            result with { ImageId = 9 }, result with { CategoryId = 9 }, result with { Score = null }, result with { Box = null },
            result with { Segmentation = new Segmentation.CompressedRle(9, 9, "01") },
        ], TestContext.Current.CancellationToken);
        Assert.Equal(
            [FindingCodes.UnknownImage, FindingCodes.UnknownCategory, FindingCodes.MissingScore, FindingCodes.EmptyResult, FindingCodes.RleSize],
            report.Groups.Select(g => g.Code));
        Assert.StartsWith("r.json: result 3: there is no \"score\"", Group(report, FindingCodes.MissingScore).First[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_golden_keypoint_data_set_is_sound_but_for_its_known_gaps()
    {
        using var folder = new TemporaryFolder();
        using var golden = System.Text.Json.JsonDocument.Parse(TestData.Bytes("coco_segm.json"));
        string path = folder.Write("gt.json", golden.RootElement.GetProperty("gt").GetRawText());
        ValidationReport report = DatasetValidator.Validate(
            path, CocoReader.ReadDataset(path, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(report.Groups, g => g.Code is FindingCodes.UnknownImage or FindingCodes.UnknownCategory or FindingCodes.RleSize or FindingCodes.InvalidMask or FindingCodes.DuplicateImageId);
    }

    private static ValidationReport Validate(CocoAnnotation[] annotations) => DatasetValidator.Validate(
        "f.json", SampleData.Dataset([SampleData.Image(1)], annotations), TestContext.Current.CancellationToken);

    private static FindingGroup Group(ValidationReport report, string code) => Assert.Single(report.Groups, g => g.Code == code);

    private static Finding Only(string code, CocoAnnotation annotation)
    {
        FindingGroup group = Assert.Single(Validate([annotation]).Groups);
        Assert.Equal(code, group.Code);
        Assert.StartsWith("f.json: annotation ", group.First[0].Message, StringComparison.Ordinal);
        return Assert.Single(group.First);
    }
}
