using System.Text.Json;
using System.Text.Json.Serialization;
using MaskRcnn.Detection.Training.Augmentation;

namespace MaskRcnn.Detection.Tests.Training.Augmentation;

public sealed class AugmentationRulesTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(AugmentationRules.Problems(new AugmentationConfiguration(), 17));

    [Fact]
    public void Every_problem_is_listed_at_once()
    {
        AugmentationConfiguration settings = new()
        {
            HorizontalFlip = 1.5, VerticalFlip = double.NaN, QuarterTurns = -1, Crop = -1, CropFill = (CropFill)7, CropOnObject = 2, ShorterSide = -5, ScaleLow = 2, ScaleHigh = 0.001, KeepShare = 3,
            CopyPaste = -0.1, CopyPasteMost = 0, ColorProbability = 2, Brightness = 2, Contrast = 2, Saturation = 2, Hue = 0.6, Gamma = 9, Invert = 2, Grey = 2, BlurProbability = 2, Blur = 0, NoiseProbability = 2, Noise = -1,
            KeypointPairs = [[0, 1, 2], [3, 99], [4, 3]],
        };
        IReadOnlyList<string> problems = AugmentationRules.Problems(settings, 17);
        foreach (string name in (string[])[
            "horizontal_flip is 1.5; expected 0 to 1", "vertical_flip is NaN", "quarter_turns", "crop is -1", "crop_fill is 7", "crop_on_object", "shorter_side", "scale_high is 0.001; expected 0.01 to 100",
            "scale_low is 2 and augmentation.scale_high 0.001", "keep_share", "copy_paste is", "copy_paste_most", "color_probability", "brightness", "contrast", "saturation", "hue", "gamma", "invert", "grey",
            "blur_probability", "blur is", "noise_probability", "noise is", "keypoint_pairs[0] has 3 numbers", "keypoint_pairs[1][1] is 99; expected 0 to 16", "keypoint_pairs[2] has keypoint 3 a second time"])
            Assert.Contains(problems, problem => problem.StartsWith($"augmentation.{name}", StringComparison.Ordinal));
        Assert.Equal(28, problems.Count);
        Assert.Contains("brightness is 2", Assert.Throws<ArgumentException>(() => AugmentationRules.Check(settings)).Message);
    }

    [Fact]
    public void A_scale_without_a_window_would_be_undone() =>
        Assert.Contains("crop is 0 where images are scaled", Assert.Single(AugmentationRules.Problems(new AugmentationConfiguration { ScaleLow = 0.5 })));

    [Fact]
    public void Settings_come_back_from_JSON()
    {
        JsonSerializerOptions options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };
        AugmentationConfiguration settings = new() { Crop = 256, CropFill = CropFill.Black, ScaleLow = 0.7, ScaleHigh = 1.5, KeypointPairs = [[0, 1]] };
        string json = JsonSerializer.Serialize(settings, options);
        Assert.Contains("\"crop\":256,\"crop_fill\":\"black\"", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<AugmentationConfiguration>(json, options), options));
    }
}
