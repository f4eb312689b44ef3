using System.Text;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Datasets;

/// <summary>How the members of one annotation may be written.</summary>
public sealed class AnnotationMembersTests
{
    [Theory]
    [InlineData("\"score\":0.1,\"score\":0.9")]
    [InlineData("\"bbox\":[9,9,9,9],\"bbox\":[1,2,3,4]")]
    [InlineData("\"bbox\":[],\"bbox\":[1,2,3,4]")]
    [InlineData("\"id\":1,\"id\":7")]
    [InlineData("\"iscrowd\":0,\"iscrowd\":1")]
    [InlineData("\"iscrowd\":false,\"iscrowd\":true")]
    [InlineData("\"keypoints\":[9,9,9,9,9,9],\"keypoints\":[1,2,0]")]
    [InlineData("\"segmentation\":{\"size\":[9,9],\"counts\":\"999\"},\"segmentation\":[[1,2,3,4,5,6]]")]
    [InlineData("\"segmentation\":[[9,9,9,9],[8,8]],\"segmentation\":[[1,2,3,4,5,6]]")]
    [InlineData("\"segmentation\":null,\"segmentation\":[[1,2,3,4,5,6]]")]
    public void The_last_of_two_members_of_one_name_counts(string members)
    {
        CocoAnnotation annotation = CocoText.Annotation(members);
        if (annotation.Score is { } score) Assert.Equal(0.9, score);
        if (annotation.Box is { } box) Assert.Equal(new BoundingBox(1, 2, 3, 4), box);
        if (annotation.Id is { } id) Assert.Equal(7, id);
        if (annotation.IsCrowd is { } crowd) Assert.True(crowd);
        if (annotation.Keypoints is { } keypoints) Assert.Equal([1, 2, 0], keypoints);
        if (annotation.Segmentation is { } segmentation)
            Assert.Equal([1, 2, 3, 4, 5, 6], Assert.Single(Assert.IsType<Segmentation.Polygons>(segmentation).Parts));
    }

    [Fact]
    public void The_last_of_two_forms_of_a_mask_counts()
    {
        Assert.Equal(new Segmentation.CompressedRle(2, 3, "6"),
            CocoText.Annotation("\"segmentation\":{\"counts\":[1,2],\"size\":[9,9],\"counts\":\"6\",\"size\":[2,3]}").Segmentation);
        var runs = Assert.IsType<Segmentation.UncompressedRle>(
            CocoText.Annotation("\"segmentation\":{\"counts\":\"123\",\"size\":[2,3],\"counts\":[5,1]}").Segmentation);
        Assert.Equal([5u, 1], runs.Counts);
        Assert.Equal(1, runs.ToRle(2, 3).Area);
    }

    [Theory]
    [InlineData("\"segmentation\":[[1,2,3,4,5,6]],\"segmentation\":null")]
    [InlineData("\"segmentation\":[]")]
    [InlineData("\"bbox\":[1,2,3,4],\"bbox\":null")]
    [InlineData("\"bbox\":[]")]
    [InlineData("\"keypoints\":[1,2,0],\"keypoints\":null")]
    public void Null_and_empty_lists_are_absent(string members)
    {
        CocoAnnotation annotation = CocoText.Annotation(members);
        Assert.Null(annotation.Segmentation);
        Assert.Null(annotation.Box);
        Assert.Null(annotation.Keypoints);
    }

    [Fact]
    public void Member_names_may_be_escaped() =>
        Assert.Equal(0.5, CocoText.Annotation("\"sc\\u006fre\":0.5").Score);

    [Theory]
    [InlineData("1e9", "1e9")]
    [InlineData("4", "4")]
    [InlineData("-2", "3")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    public void A_mask_whose_size_is_not_the_images_is_read_but_refused_as_a_mask(string height, string width)
    {
        string[] counts = ["[12]", "\"<\""];
        foreach (string text in counts)
        {
            Segmentation mask = CocoText.Annotation($"\"segmentation\":{{\"size\":[{height},{width}],\"counts\":{text}}}").Segmentation!;
            Assert.Contains("expected the image's [3, 4] (height, width)", Assert.Throws<RleException>(() => mask.ToRle(3, 4)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Runs_that_claim_more_than_the_image_are_refused_as_a_mask()
    {
        Segmentation lying = CocoText.Annotation("\"segmentation\":{\"size\":[3,4],\"counts\":[4294967295,4294967295,12]}").Segmentation!;
        Assert.Contains("sum to 8589934602; expected 12", Assert.Throws<RleException>(() => lying.ToRle(3, 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_of_results_has_no_results()
    {
        Assert.Empty(CocoText.Results("[]"));
        Assert.Empty(CocoText.Results(" [ \n ] "));
        Assert.Empty(CocoText.Dataset("{}").Images);
        Assert.Equal("{\"images\":[],\"annotations\":[],\"categories\":[]}", Encoding.UTF8.GetString(CocoText.Write(new CocoDataset())));
    }
}
