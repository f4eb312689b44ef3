using static MaskRcnn.Detection.Configuration.RuleList;

namespace MaskRcnn.Detection.Configuration;

/// <summary>What a configuration has to fulfil: ranges, and settings that must agree.</summary>
internal static class ModelConfigurationRules
{
    private const int Stages = 4, Levels = 5, Colours = 3, MostChannels = 1 << 16, MostBlocks = 1000, MostPixels = 1 << 16, MostCount = 1 << 20;

    /// <summary>Every problem; none when it is valid.</summary>
    public static IReadOnlyList<string> Problems(ModelConfiguration model)
    {
        var rules = new RuleList();
        rules.Require(!string.IsNullOrWhiteSpace(model.Name), "name is empty; expected the architecture's");
        rules.Whole("classes", model.Classes, 2, MostChannels);
        Categories(rules, model);
        Transform(rules, model.Transform);
        Backbone(rules, model.Backbone);
        rules.Whole("fpn.channels", model.Fpn.Channels, 1, MostChannels);
        Norm(rules, "fpn.norm", model.Fpn.Norm, [model.Fpn.Channels]);
        Rpn(rules, model.Rpn);
        Pooling(rules, model.RoiPooling);
        BoxHead(rules, model.BoxHead);
        if (model.MaskHead is { } mask) MaskHead(rules, mask);
        if (model.KeypointHead is { } keypoint) KeypointHead(rules, keypoint);
        PostProcessing(rules, model.PostProcessing);
        return rules.Problems;
    }

    private static void Categories(RuleList rules, ModelConfiguration model)
    {
        int last = 0;
        var ids = new HashSet<long>();
        foreach (LabelledCategory category in model.Categories.Take(MostChannels))
        {
            rules.Require(
                category.Label > last && category.Label < model.Classes,
                Text($"the label {category.Label} of category '{category.Name}' is not in order from 1 to {model.Classes - 1}, each once"));
            rules.Require(category.Name.Length > 0, Text($"the category of label {category.Label} has no name"));
            rules.Require(ids.Add(category.Id), Text($"the id {category.Id} is that of two categories; expected each once"));
            last = category.Label;
        }
        rules.Require(
            model.Categories.Count < model.Classes,
            Text($"there are {model.Categories.Count} categories; expected at most {model.Classes - 1}, one for each class but the background"));
    }

    private static void Transform(RuleList rules, TransformConfiguration transform)
    {
        rules.Require(transform.Mean.Count == Colours, Text($"transform.mean has {transform.Mean.Count} numbers; expected {Colours}"));
        rules.Require(transform.Std.Count == Colours, Text($"transform.std has {transform.Std.Count} numbers; expected {Colours}"));
        rules.Items("transform.mean", transform.Mean, -1000, 1000);
        rules.Items("transform.std", transform.Std, 1e-6, 1000);
        rules.Require(transform.MinSizes.Count > 0, "transform.min_sizes is empty; expected at least one length");
        rules.Items("transform.min_sizes", transform.MinSizes, 1, MostPixels);
        rules.Whole("transform.max_size", transform.MaxSize, 1, MostPixels);
        rules.Whole("transform.size_divisor", transform.SizeDivisor, 1, 1024);
        rules.Defined("transform.resize_rule", transform.ResizeRule);
    }

    private static void Backbone(RuleList rules, BackboneConfiguration body)
    {
        rules.Defined("backbone.block", body.Block);
        rules.List("backbone.stage_blocks", body.StageBlocks, Stages, 1, MostBlocks);
        rules.Whole("backbone.stem_width", body.StemWidth, 1, MostChannels);
        rules.List("backbone.inner_widths", body.InnerWidths, Stages, 1, MostChannels);
        rules.Require(
            body.Block != ResidualBlock.Basic || body.InnerWidths.SequenceEqual(body.StageWidths),
            $"backbone.inner_widths is {string.Join(", ", body.InnerWidths)}; a basic block has one width, so that it must be backbone.stage_widths, {string.Join(", ", body.StageWidths)}");
        rules.List("backbone.stage_widths", body.StageWidths, Stages, 1, MostChannels);
        Norm(rules, "backbone.norm", body.Norm, [body.StemWidth, .. body.InnerWidths, .. body.StageWidths]);
    }

    private static void Norm(RuleList rules, string name, NormConfiguration norm, IEnumerable<int> channels)
    {
        rules.Defined($"{name}.kind", norm.Kind);
        rules.Range($"{name}.eps", norm.Eps, 0, 1);
        rules.Whole($"{name}.groups", norm.Groups, 1, MostChannels);
        if (norm.Kind != NormKind.Group || norm.Groups < 1) return;
        foreach (int count in channels.Distinct().Where(count => count % norm.Groups != 0).Take(1))
            rules.Require(false, Text($"{name}.groups is {norm.Groups}, which does not divide {count} channels"));
    }

    private static void Rpn(RuleList rules, RpnConfiguration rpn)
    {
        rules.Whole("rpn.convolutions", rpn.Convolutions, 1, 100);
        rules.Require(rpn.AnchorSizes.Count == Levels, Text($"rpn.anchor_sizes has {rpn.AnchorSizes.Count} levels; expected {Levels}"));
        for (int i = 0; i < Math.Min(rpn.AnchorSizes.Count, Levels); i++)
        {
            rules.Items($"rpn.anchor_sizes[{i}]", rpn.AnchorSizes[i], 1e-3, MostPixels);
            int count = rpn.AnchorSizes[i].Count;
            // One head looks at every level.
            rules.Require(
                count > 0 && count == rpn.AnchorSizes[0].Count,
                Text($"rpn.anchor_sizes[{i}] has {count} sizes; expected at least one, and as many on every level"));
        }
        rules.Require(rpn.AspectRatios.Count > 0, "rpn.aspect_ratios is empty; expected at least one ratio");
        rules.Items("rpn.aspect_ratios", rpn.AspectRatios, 1e-3, 1000);
        rules.Whole("rpn.pre_nms_top_n", rpn.PreNmsTopN, 1, MostCount);
        rules.Whole("rpn.post_nms_top_n", rpn.PostNmsTopN, 1, MostCount);
        rules.Range("rpn.nms_threshold", rpn.NmsThreshold, 0, 1);
        rules.Range("rpn.score_threshold", rpn.ScoreThreshold, 0, 1);
        rules.Range("rpn.min_size", rpn.MinSize, 0, MostPixels);
    }

    private static void Pooling(RuleList rules, RoiPoolingConfiguration pooling)
    {
        rules.Defined("roi_pooling.operator", pooling.Operator);
        rules.Whole("roi_pooling.sampling_ratio", pooling.SamplingRatio, 0, 64);
        rules.Range("roi_pooling.canonical_size", pooling.CanonicalSize, 1, MostPixels);
        rules.Whole("roi_pooling.canonical_level", pooling.CanonicalLevel, 2, 5);
    }

    private static void BoxHead(RuleList rules, BoxHeadConfiguration head)
    {
        rules.Defined("box_head.kind", head.Kind);
        rules.Whole("box_head.pooled_size", head.PooledSize, 1, 256);
        rules.Whole("box_head.width", head.Width, 1, MostChannels);
        Widths(rules, "box_head", head.ConvolutionWidths);
        Norm(rules, "box_head.norm", head.Norm, head.ConvolutionWidths);
        rules.Require(
            head.Kind == BoxHeadKind.V2 || (head.ConvolutionWidths.Count == 0 && head.Norm.Kind == NormKind.None),
            "box_head.kind is v1, which has neither convolutions nor a norm; expected v2, or none of them");
        rules.Require(head.Kind == BoxHeadKind.V1 || head.ConvolutionWidths.Count > 0, "box_head.convolution_widths is empty; expected at least one for v2");
    }

    private static void MaskHead(RuleList rules, MaskHeadConfiguration head)
    {
        rules.Whole("mask_head.pooled_size", head.PooledSize, 1, 256);
        Widths(rules, "mask_head", head.ConvolutionWidths);
        rules.Whole("mask_head.predictor_width", head.PredictorWidth, 1, MostChannels);
        Norm(rules, "mask_head.norm", head.Norm, head.ConvolutionWidths);
    }

    private static void KeypointHead(RuleList rules, KeypointHeadConfiguration head)
    {
        rules.Whole("keypoint_head.keypoints", head.Keypoints, 1, 10_000);
        rules.Whole("keypoint_head.pooled_size", head.PooledSize, 1, 256);
        Widths(rules, "keypoint_head", head.ConvolutionWidths);
    }

    private static void Widths(RuleList rules, string name, IReadOnlyList<int> widths)
    {
        rules.Items($"{name}.convolution_widths", widths, 1, MostChannels);
        rules.Require(widths.Count <= 100, Text($"{name}.convolution_widths has {widths.Count} numbers; expected at most 100"));
    }

    private static void PostProcessing(RuleList rules, PostProcessingConfiguration post)
    {
        rules.Range("post_processing.score_threshold", post.ScoreThreshold, 0, 1);
        rules.Range("post_processing.nms_threshold", post.NmsThreshold, 0, 1);
        if (post.MaskNmsThreshold is { } overlap) rules.Range("post_processing.mask_nms_threshold", overlap, 0, 1);
        rules.Whole("post_processing.max_detections", post.MaxDetections, 1, MostCount);
        rules.Range("post_processing.min_size", post.MinSize, 0, MostPixels);
        rules.Range("post_processing.mask_threshold", post.MaskThreshold, 0, 1);
        rules.Defined("post_processing.paste_rule", post.PasteRule);
    }
}
