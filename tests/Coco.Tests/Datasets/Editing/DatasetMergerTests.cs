using System.Text;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Editing;

namespace MaskRcnn.Coco.Tests.Datasets.Editing;

public sealed class DatasetMergerTests
{
    [Fact]
    public void Images_and_annotations_are_renumbered_and_categories_matched_by_name()
    {
        CocoDataset first = SampleData.Dataset(
            [SampleData.Image(5, name: "a.jpg")], [SampleData.Object(7, 5, SampleData.Mask("#"), 2)], "cat", "dog");
        CocoDataset second = SampleData.Dataset([SampleData.Image(5, name: "b.jpg"), SampleData.Image(6, name: "c.jpg")],
            [SampleData.Object(7, 6, SampleData.Mask("#"), 1), SampleData.Object(8, 5, SampleData.Mask("#"), 2)], "dog", "emu");

        MergeResult merged = Merge(first, second);

        Assert.Empty(merged.Conflicts);
        Assert.Equal([(1L, "a.jpg"), (2L, "b.jpg"), (3L, "c.jpg")], merged.Dataset.Images.Select(i => (i.Id, i.FileName)));
        Assert.Equal([(1L, "cat"), (2L, "dog"), (3L, "emu")], merged.Dataset.Categories.Select(c => (c.Id, c.Name)));
        Assert.Equal([(1L, 1L, 2L), (2L, 3L, 2L), (3L, 2L, 3L)], merged.Dataset.Annotations.Select(a => (a.Id!.Value, a.ImageId, a.CategoryId)));
    }

    [Fact]
    public void A_category_keeps_its_id_where_it_is_free()
    {
        CocoDataset first = Categories((1, "cat"), (90, "emu")), second = Categories((17, "dog"), (90, "fox"), (91, "gnu"));
        Assert.Equal(
            [(1L, "cat"), (90L, "emu"), (17L, "dog"), (92L, "fox"), (91L, "gnu")],
            Merge(first, second).Dataset.Categories.Select(c => (c.Id, c.Name)));
    }

    [Fact]
    public void Conflicts_are_listed_and_the_first_description_stays()
    {
        CocoDataset first = With("animal", "[1, 2]"), second = With("pet", "[2,1]");
        MergeResult merged = Merge(first, second);

        Assert.Equal(["supercategory", "keypoints", "dropped-member", "same-file-name"], merged.Conflicts.Select(c => c.Code));
        Assert.Contains(
            "b.json: category \"cat\" has the supercategory pet, in a.json it is animal", merged.Conflicts[0].Message,
            StringComparison.Ordinal);
        Assert.Contains("\"x.jpg\"", merged.Conflicts[^1].Message, StringComparison.Ordinal);
        Assert.Equal("animal", merged.Dataset.Categories[0].Supercategory);
        Assert.Equal(2, merged.Dataset.Images.Count);

        static CocoDataset With(string supercategory, string keypoints) => new()
        {
            Images = [SampleData.Image(1, name: "x.jpg")],
            Categories = [new CocoCategory { Id = 1, Name = "cat", Supercategory = supercategory, Extra = [Member("keypoints", keypoints), Member("skeleton", keypoints == "[1, 2]" ? "[ ]" : "[]")] }],
            Extra = [Member("info", $$"""{"description": "{{supercategory}}"}""")],
        };
    }

    [Fact]
    public void Licenses_are_joined_and_images_follow_them()
    {
        MergeResult merged = Merge(Licensed("CC0", "MIT"), Licensed("MIT", "BSD"));
        Assert.Equal(
            """[{"id":1,"name":"CC0"},{"id":2,"name":"MIT"},{"id":3,"name":"BSD"}]""",
            Encoding.UTF8.GetString(Assert.Single(merged.Dataset.Extra).Json.Span));
        Assert.Equal(["1", "2", "2", "3"], merged.Dataset.Images.Select(i => Encoding.UTF8.GetString(i.Extra.Single().Json.Span)));

        static CocoDataset Licensed(string one, string two) => new()
        {
            Images = [SampleData.Image(1, name: one + two + 1) with { Extra = [Member("license", "10")] }, SampleData.Image(2, name: one + two + 2) with { Extra = [Member("license", "20")] }],
            Extra = [Member("licenses", $$"""[{"id": 10, "name": "{{one}}"}, {"id": 20, "name": "{{two}}"}]""")],
        };
    }

    [Fact]
    public void A_broken_reference_is_refused_with_its_file_and_annotation()
    {
        CocoDataset broken = SampleData.Dataset([SampleData.Image(1)], [SampleData.Object(4, 1, SampleData.Mask("#"), 9)]);
        var exception = Assert.Throws<DatasetContentException>(() => Merge(SampleData.Numbered(1), broken));
        Assert.Contains("b.json: annotation 4: \"category_id\" is 9", exception.Message, StringComparison.Ordinal);
    }

    private static CocoDataset Categories(params (long Id, string Name)[] categories) => new() { Categories = [.. categories.Select(c => new CocoCategory { Id = c.Id, Name = c.Name })] };

    private static ExtraMember Member(string name, string json) => new(name, Encoding.UTF8.GetBytes(json));

    private static MergeResult Merge(CocoDataset first, CocoDataset second) => DatasetMerger.Merge([new MergeInput("a.json", first), new MergeInput("b.json", second)]);
}
