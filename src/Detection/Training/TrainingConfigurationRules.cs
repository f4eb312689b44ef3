using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training.Augmentation;
using MaskRcnn.Detection.Training.Optimization;
using MaskRcnn.Detection.Training.Targets;

namespace MaskRcnn.Detection.Training;

/// <summary>What settings of a training must be.</summary>
internal static class TrainingConfigurationRules
{
    private const int Many = 1_000_000;

    /// <summary>Everything that is wrong with a configuration; empty when it is valid.</summary>
    public static IReadOnlyList<string> Problems(TrainingConfiguration configuration)
    {
        RuleList rules = new();
        rules.Range("steps", configuration.Steps, 1, 1e9);
        rules.Whole("batch_size", configuration.BatchSize, 1, 4096);
        rules.Whole("accumulation", configuration.Accumulation, 1, 4096);
        rules.Whole("trained_backbone_stages", configuration.TrainedBackboneStages, 0, 5);
        rules.Defined("precision", configuration.Precision);
        rules.Items("min_sizes", configuration.MinSizes, 1, 16_384);
        rules.Range("evaluate_every", configuration.EvaluateEvery, 0, 1e9);
        rules.Range("checkpoint_every", configuration.CheckpointEvery, 1, 1e9);
        rules.Whole("evaluation_detections", configuration.EvaluationDetections, 1, 100_000);
        AddOptimizer(rules, configuration.Optimizer);
        AddSampling(rules, configuration.Sampling);
        return [.. rules.Problems, .. AugmentationRules.Problems(configuration.Augmentation, configuration.Model.KeypointHead?.Keypoints), .. ModelConfigurationRules.Problems(configuration.Model).Select(problem => $"model.{problem}")];
    }

    private static void AddOptimizer(RuleList rules, OptimizerConfiguration optimizer)
    {
        rules.Range("optimizer.learning_rate", optimizer.LearningRate, 1e-12, 100);
        rules.Range("optimizer.momentum", optimizer.Momentum, 0, 1 - 1e-6);
        rules.Range("optimizer.weight_decay", optimizer.WeightDecay, 0, 1);
        rules.Whole("optimizer.warm_up_steps", optimizer.WarmUpSteps, 0, Many);
        rules.Range("optimizer.warm_up_factor", optimizer.WarmUpFactor, 0, 1);
        rules.Defined("optimizer.schedule", optimizer.Schedule);
        for (int i = 0; i < optimizer.DropsAt.Count; i++)
            rules.Range($"optimizer.drops_at[{i}]", optimizer.DropsAt[i], 0, 1);
        rules.Range("optimizer.drop_factor", optimizer.DropFactor, 0, 1);
        rules.Range("optimizer.clip_norm", optimizer.ClipNorm, 0, 1e9);
        rules.Range("optimizer.average_decay", optimizer.AverageDecay, 0, 1 - 1e-9);
    }

    private static void AddSampling(RuleList rules, SamplingConfiguration sampling)
    {
        rules.Whole("sampling.rpn_pre_nms_top_n", sampling.RpnPreNmsTopN, 1, Many);
        rules.Whole("sampling.rpn_post_nms_top_n", sampling.RpnPostNmsTopN, 1, Many);
        rules.Whole("sampling.rpn_batch_size", sampling.RpnBatchSize, 1, Many);
        rules.Whole("sampling.batch_size", sampling.BatchSize, 1, Many);
        rules.Range("sampling.rpn_positive_fraction", sampling.RpnPositiveFraction, 0, 1);
        rules.Range("sampling.positive_fraction", sampling.PositiveFraction, 0, 1);
        Ious(rules, "sampling.rpn_", sampling.RpnForegroundIou, sampling.RpnBackgroundIou);
        Ious(rules, "sampling.", sampling.ForegroundIou, sampling.BackgroundIou);
    }

    private static void Ious(RuleList rules, string prefix, double foreground, double background)
    {
        rules.Range($"{prefix}foreground_iou", foreground, 0, 1);
        rules.Range($"{prefix}background_iou", background, 0, 1);
        rules.Require(background <= foreground, RuleList.Text($"{prefix}background_iou is {background}; expected at most {prefix}foreground_iou, {foreground}"));
    }
}
