using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Optimization;
using MaskRcnn.Detection.Training.Presets;

namespace MaskRcnn.Detection.Tests.Training;

/// <summary>The presets beside the numbers of the paper (appendices A and B) and of detectron2.</summary>
public sealed class TrainingPresetTests
{
    private static readonly int[] DetectronSizes = [640, 672, 704, 736, 768, 800];

    [Theory]
    [InlineData("coco-r50-fpn-paper", "maskrcnn_resnet50_fpn", 160_000, 120_000, 0)]
    [InlineData("coco-r50-fpn-1x", "maskrcnn_resnet50_fpn", 90_000, 60_000, 80_000)]
    [InlineData("coco-r50-fpn-3x", "maskrcnn_resnet50_fpn", 270_000, 210_000, 250_000)]
    [InlineData("r101", "maskrcnn_resnet101_fpn", 270_000, 210_000, 250_000)]
    [InlineData("keypoints-1x", "keypointrcnn_resnet50_fpn", 90_000, 60_000, 80_000)]
    public void Recipes_for_COCO_have_16_images_a_step_and_the_rate_of_their_paper(string name, string model, long steps, long firstDrop, long secondDrop)
    {
        TrainingConfiguration preset = TrainingPresets.Get(name);
        Assert.Equal((name, model, steps, 16), (preset.Preset, preset.Model.Name, preset.Steps, preset.BatchSize * preset.Accumulation));
        Assert.Equal((0.02, 0.9, 1e-4), (preset.Optimizer.LearningRate, preset.Optimizer.Momentum, preset.Optimizer.WeightDecay));
        Assert.Equal([800], preset.Model.Transform.MinSizes);
        Assert.Equal(1333, preset.Model.Transform.MaxSize);
        Assert.Equal(name == "coco-r50-fpn-paper" ? [] : DetectronSizes, preset.MinSizes);
        Assert.Equal((512, 0.25, 256, 0.5), (preset.Sampling.BatchSize, preset.Sampling.PositiveFraction, preset.Sampling.RpnBatchSize, preset.Sampling.RpnPositiveFraction));
        Assert.Equal((0.5, 0.0), (preset.Augmentation.HorizontalFlip, preset.Augmentation.VerticalFlip));

        LearningRateSchedule schedule = new(preset.Optimizer, preset.Steps);
        Assert.Equal(0.02, schedule.At(1000), 1e-12);
        Assert.Equal(0.02, schedule.At(firstDrop - 1), 1e-12);
        Assert.Equal(0.002, schedule.At(firstDrop), 1e-12);
        if (secondDrop == 0) return;
        Assert.Equal(0.002, schedule.At(secondDrop - 1), 1e-12);
        Assert.Equal(0.0002, schedule.At(secondDrop), 1e-12);
    }

    [Fact]
    public void Cityscapes_has_8_images_a_step_of_800_to_1024_pixels_and_a_drop_at_18_000_of_24_000()
    {
        TrainingConfiguration preset = TrainingPresets.Get("cityscapes");
        Assert.Equal((24_000, 8, 0.01), (preset.Steps, preset.BatchSize, preset.Optimizer.LearningRate));
        Assert.Equal((800, 1024), (preset.MinSizes[0], preset.MinSizes[^1]));
        Assert.Equal([1024], preset.Model.Transform.MinSizes);
        LearningRateSchedule schedule = new(preset.Optimizer, preset.Steps);
        Assert.Equal((0.01, 0.001), (Math.Round(schedule.At(17_999), 12), Math.Round(schedule.At(18_000), 12)));
    }

    [Fact]
    public void Fine_tuning_keeps_the_model_and_its_sizes()
    {
        Assert.Equal(DetectronSizes, TrainingPresets.Get("finetune-small").MinSizes);
        ModelConfiguration small = TrainingPresets.Get("nuclei").Model;
        TrainingConfiguration tuned = TrainingPresets.ForModel("finetune-small", small);
        Assert.Equal(("finetune-small", small), (tuned.Preset, tuned.Model));
        int size = small.Transform.MinSizes[^1];
        Assert.Equal(size, tuned.MinSizes[^1]);
        Assert.InRange(tuned.MinSizes[0], 0.79 * size, 0.81 * size);
        Assert.Equal(small.PostProcessing.MaxDetections, tuned.EvaluationDetections);
        // Every other recipe has a model of its own.
        Assert.Equal("maskrcnn_resnet50_fpn", TrainingPresets.ForModel("coco-r50-fpn-1x", small).Model.Name);
    }

    [Fact]
    public void Every_preset_is_valid_and_is_the_same_after_json()
    {
        foreach (string name in TrainingPresets.Names)
        {
            TrainingConfiguration preset = TrainingPresets.Get(name);
            Assert.Empty(ConfigurationDifference.Between(preset, TrainingConfigurationJson.Parse(TrainingConfigurationJson.Serialize(preset))));
        }
    }

    [Fact]
    public void Differences_are_named_as_settings_are_set()
    {
        TrainingConfiguration preset = TrainingPresets.Get("nuclei");
        TrainingConfiguration changed = TrainingConfigurationJson.With(preset, ["optimizer.learning_rate=0.5", "min_sizes=[1,2,3]", "model.keypoint_head.keypoints=5"]);
        IReadOnlyList<ConfigurationDifference> found = ConfigurationDifference.Between(preset, changed);
        Assert.Equal(["model.keypoint_head", "min_sizes", "optimizer.learning_rate"], found.Select(d => d.Path));
        Assert.Equal("optimizer.learning_rate is 0.02 there and 0.5 here", found[2].ToString());
        Assert.Equal("null", found[0].Before);
    }
}
