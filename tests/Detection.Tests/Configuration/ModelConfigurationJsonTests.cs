using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Tests.Weights;

namespace MaskRcnn.Detection.Tests.Configuration;

public sealed class ModelConfigurationJsonTests
{
    public static TheoryData<string> Presets { get; } = [.. ModelPresets.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void A_preset_comes_back_as_it_was(string preset)
    {
        string json = ModelConfigurationJson.Serialize(ModelPresets.Get(preset));
        Assert.Equal(json, ModelConfigurationJson.Serialize(ModelConfigurationJson.Parse(json)));
    }

    [Fact]
    public void The_text_is_snake_case_with_a_schema_and_categories()
    {
        string json = ModelConfigurationJson.Serialize(SmallModel.Configuration);
        Assert.StartsWith("""{"schema":1,"name":"small",""", json);
        Assert.Contains("""{"label":2,"id":9,"name":"kern ü"}""", json);
        Assert.Contains(""""paste_rule":"torchvision"""", json);
        Assert.Contains(""""norm":{"kind":"batch","eps":1E-05,"groups":32}"""", json);
        Assert.DoesNotContain("anchors_per_location", json);
    }

    [Fact]
    public void What_is_left_out_has_its_default() =>
        Assert.Equal(ModelConfigurationJson.Serialize(new ModelConfiguration()), ModelConfigurationJson.Serialize(ModelConfigurationJson.Parse("""{"schema":1}""")));

    [Fact]
    public void Every_problem_is_listed_at_once()
    {
        var error = Assert.Throws<ModelConfigurationException>(() => ModelConfigurationJson.Parse("""
            {"schema":1,"classes":1,"colour":"red","backbone":{"stage_blocks":[3,4,6],"norm":{"kind":"frozen_batch","epz":1,"eps":-1}},
             "rpn":{"nms_threshold":7,"anchor_sizes":[[32],[64,65],[128],[256],[512]]},"box_head":{"convolution_widths":[8]},
             "transform":{"std":[0,1]},"post_processing":{"mask_nms_threshold":1.5}}
            """));
        string[] expected =
        [
            "colour is no setting; expected one of name, transform,", "backbone.norm.epz is no setting; expected one of kind, eps, groups",
            "classes is 1; expected 2 to 65536", "transform.std has 2 numbers; expected 3", "transform.std[0] is 0; expected 1E-06 to 1000",
            "backbone.stage_blocks has 3 numbers; expected 4", "backbone.norm.eps is -1; expected 0 to 1",
            "rpn.anchor_sizes[1] has 2 sizes; expected at least one, and as many on every level", "rpn.nms_threshold is 7; expected 0 to 1",
            "box_head.kind is v1, which has neither convolutions nor a norm", "post_processing.mask_nms_threshold is 1.5; expected 0 to 1",
        ];
        Assert.Equal(expected.Length, error.Problems.Count);
        Assert.All(expected.Zip(error.Problems), pair => Assert.StartsWith(pair.First, pair.Second));
        Assert.All(expected, problem => Assert.Contains(problem, error.Message));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "it is not a JSON object")]
    [InlineData("{}", "schema is missing; expected a number from 1 to 1")]
    [InlineData("""{"schema":"1"}""", "schema is \"1\"")]
    [InlineData("""{"schema":9}""", "schema is 9, which a newer version of this program wrote")]
    [InlineData("""{"schema":1,"classes":"many"}""", "$.classes")]
    [InlineData("""{"schema":1,"transform":null}""", "null")]
    [InlineData("""{"schema":1,"classes":2,"classes":3}""", "classes")]
    [InlineData("""{"schema":1,"backbone":{"block":"wide"}}""", "block")]
    [InlineData("""{"schema":1,"backbone":{"block":1}}""", "block")]
    [InlineData("""{"schema":1,"rpn":{"anchor_sizes":[null,[1],[1],[1],[1]]}}""", "rpn.anchor_sizes[0] is null")]
    [InlineData("""{"schema":1,"categories":[null]}""", "categories[0] is null")]
    [InlineData("""{"schema":1,"categories":[{"label":1}]}""", "'name'")]
    [InlineData("""{"schema":1,"categories":[{"label":1,"id":1,"name":"a","supercategory":"b"}]}""", "categories[0].supercategory is no setting")]
    [InlineData("""{"schema":1,"categories":[{"label":2,"id":1,"name":"a"},{"label":1,"id":1,"name":""}]}""", "the label 1 of category '' is not in order")]
    [InlineData("""{"schema":1,"backbone":{"norm":{"kind":"group","groups":48}}}""", "backbone.norm.groups is 48, which does not divide 64 channels")]
    [InlineData("""{"schema":1,"box_head":{"kind":"v2"}}""", "box_head.convolution_widths is empty")]
    public void A_configuration_that_cannot_be_is_one_error(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelConfigurationException>(() => ModelConfigurationJson.Parse(json)).Message);
}
