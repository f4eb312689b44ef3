using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Detection.Weights.Layout;

/// <summary>The names and shapes of a model's tensors as torchvision has them, from its configuration alone.</summary>
public static class TorchvisionLayout
{
    private const int Levels = 4;

    private const int BoxNumbers = 4;

    /// <summary>Parameters and buffers, in the order of torchvision's state dict.</summary>
    /// <param name="configuration">A valid configuration.</param>
    public static IReadOnlyList<ExpectedTensor> Expected(ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var layout = new LayoutBuilder();
        Body(layout, configuration.Backbone);
        Fpn(layout, configuration);
        Rpn(layout, configuration);
        BoxBranch(layout, configuration);
        if (configuration.MaskHead is { } mask) MaskBranch(layout, configuration, mask);
        if (configuration.KeypointHead is { } keypoint) KeypointBranch(layout, configuration.Fpn.Channels, keypoint);
        return layout.Tensors;
    }

    private static void Body(LayoutBuilder layout, BackboneConfiguration body)
    {
        Convolution("backbone.body.conv1", "backbone.body.bn1", 3, body.StemWidth, 7);
        int inputs = body.StemWidth;
        for (int stage = 0; stage < Levels; stage++)
        {
            (int inner, int outputs) = (body.InnerWidths[stage], body.StageWidths[stage]);
            for (int block = 0; block < body.StageBlocks[stage]; block++)
            {
                string name = $"backbone.body.layer{stage + 1}.{block}";
                Block(name, inputs, inner, outputs);
                // The first block of a stage changes the size (but for the first stage) or the width.
                if (block == 0 && (stage > 0 || inputs != outputs)) Convolution($"{name}.downsample.0", $"{name}.downsample.1", inputs, outputs, 1);
                inputs = outputs;
            }
        }

        void Block(string name, int inputs, int inner, int outputs)
        {
            (int Inputs, int Outputs, int Kernel)[] convolutions = body.Block == ResidualBlock.Basic
                ? [(inputs, inner, 3), (inner, outputs, 3)]
                : [(inputs, inner, 1), (inner, inner, 3), (inner, outputs, 1)];
            for (int i = 0; i < convolutions.Length; i++)
                Convolution($"{name}.conv{i + 1}", $"{name}.bn{i + 1}", convolutions[i].Inputs, convolutions[i].Outputs, convolutions[i].Kernel);
        }

        void Convolution(string convolution, string norm, int inputs, int outputs, int kernel)
        {
            layout.Convolution(convolution, inputs, outputs, kernel, body.Norm.Kind == NormKind.None);
            layout.Norm(norm, outputs, body.Norm);
        }
    }

    private static void Fpn(LayoutBuilder layout, ModelConfiguration model)
    {
        for (int i = 0; i < Levels; i++)
            layout.ConvolutionAndNorm($"backbone.fpn.inner_blocks.{i}", model.Backbone.StageWidths[i], model.Fpn.Channels, 1, model.Fpn.Norm);
        for (int i = 0; i < Levels; i++)
            layout.ConvolutionAndNorm($"backbone.fpn.layer_blocks.{i}", model.Fpn.Channels, model.Fpn.Channels, 3, model.Fpn.Norm);
    }

    private static void Rpn(LayoutBuilder layout, ModelConfiguration model)
    {
        (int channels, int anchors) = (model.Fpn.Channels, model.Rpn.AnchorsPerLocation(0));
        for (int i = 0; i < model.Rpn.Convolutions; i++) layout.Convolution($"rpn.head.conv.{i}.0", channels, channels, 3, bias: true);
        layout.Convolution("rpn.head.cls_logits", channels, anchors, 1, bias: true);
        layout.Convolution("rpn.head.bbox_pred", channels, anchors * BoxNumbers, 1, bias: true);
    }

    private static void BoxBranch(LayoutBuilder layout, ModelConfiguration model)
    {
        BoxHeadConfiguration head = model.BoxHead;
        long area = (long)head.PooledSize * head.PooledSize;
        if (head.Kind == BoxHeadKind.V1)
        {
            layout.Linear("roi_heads.box_head.fc6", model.Fpn.Channels * area, head.Width);
            layout.Linear("roi_heads.box_head.fc7", head.Width, head.Width);
        }
        else
        {
            int channels = Convolutions(layout, "roi_heads.box_head", model.Fpn.Channels, head.ConvolutionWidths, head.Norm);
            // The convolutions are followed by flattening, which has a number of its own.
            layout.Linear($"roi_heads.box_head.{head.ConvolutionWidths.Count + 1}", channels * area, head.Width);
        }
        layout.Linear("roi_heads.box_predictor.cls_score", head.Width, model.Classes);
        layout.Linear("roi_heads.box_predictor.bbox_pred", head.Width, (long)model.Classes * BoxNumbers);
    }

    private static void MaskBranch(LayoutBuilder layout, ModelConfiguration model, MaskHeadConfiguration head)
    {
        int channels = Convolutions(layout, "roi_heads.mask_head", model.Fpn.Channels, head.ConvolutionWidths, head.Norm);
        layout.Transposed("roi_heads.mask_predictor.conv5_mask", channels, head.PredictorWidth, 2);
        layout.Convolution("roi_heads.mask_predictor.mask_fcn_logits", head.PredictorWidth, head.ClassAgnostic ? 1 : model.Classes, 1, bias: true);
    }

    private static void KeypointBranch(LayoutBuilder layout, int channels, KeypointHeadConfiguration head)
    {
        // Every second layer is a ReLU.
        for (int i = 0; i < head.ConvolutionWidths.Count; channels = head.ConvolutionWidths[i++])
            layout.Convolution($"roi_heads.keypoint_head.{2 * i}", channels, head.ConvolutionWidths[i], 3, bias: true);
        layout.Transposed("roi_heads.keypoint_predictor.kps_score_lowres", channels, head.Keypoints, 4);
    }

    /// <summary>3×3 convolutions in a row; returns the last one's channels.</summary>
    private static int Convolutions(LayoutBuilder layout, string name, int channels, IReadOnlyList<int> widths, NormConfiguration norm)
    {
        for (int i = 0; i < widths.Count; channels = widths[i++]) layout.ConvolutionAndNorm($"{name}.{i}", channels, widths[i], 3, norm);
        return channels;
    }
}
