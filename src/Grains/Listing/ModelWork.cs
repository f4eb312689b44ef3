using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Grains.Listing;

/// <summary>Multiply-adds of a model on one image: its convolutions and fully connected layers, which take nearly all of the time.</summary>
internal static class ModelWork
{
    /// <summary>Photographs are mostly 4:3.</summary>
    private const double AspectRatio = 4.0 / 3;

    /// <summary>All of them, on an image of 4:3 as the transform makes it.</summary>
    public static double MultiplyAdds(ModelConfiguration model)
    {
        (double height, double width) = InputSize(model.Transform);
        double pixels = height * width;
        return Backbone(model.Backbone, pixels) + Pyramid(model, pixels) + Proposals(model, pixels) + Boxes(model) + Masks(model) + Keypoints(model);
    }

    /// <summary>The padded input, in pixels.</summary>
    private static (double Height, double Width) InputSize(TransformConfiguration transform)
    {
        double shorter = transform.MinSizes[^1];
        double longer = shorter * AspectRatio;
        if (longer > transform.MaxSize) (shorter, longer) = (shorter * transform.MaxSize / longer, transform.MaxSize);
        double Padded(double side) => Math.Ceiling(Math.Round(side) / transform.SizeDivisor) * transform.SizeDivisor;
        return (Padded(shorter), Padded(longer));
    }

    private static double Backbone(BackboneConfiguration body, double pixels)
    {
        double sum = 7 * 7 * 3 * body.StemWidth * pixels / 4;
        double input = body.StemWidth;
        for (int stage = 0; stage < body.StageBlocks.Count; stage++)
        {
            double area = LevelArea(pixels, stage), inner = body.InnerWidths[stage], output = body.StageWidths[stage];
            double stride = stage == 0 ? 1 : 4;
            bool bottleneck = body.Block == ResidualBlock.Bottleneck;
            // The first block halves the sides and has a projection beside it.
            sum += area * input * output;
            sum += area * (bottleneck ? stride * input * inner + 9 * inner * inner + inner * output : 9 * input * inner + 9 * inner * output);
            sum += area * (body.StageBlocks[stage] - 1) * (bottleneck ? 2 * inner * output + 9 * inner * inner : 18 * inner * output);
            input = output;
        }
        return sum;
    }

    private static double Pyramid(ModelConfiguration model, double pixels)
    {
        double channels = model.Fpn.Channels;
        return model.Backbone.StageWidths.Select((width, stage) => LevelArea(pixels, stage) * (width * channels + 9 * channels * channels)).Sum();
    }

    private static double Proposals(ModelConfiguration model, double pixels)
    {
        double channels = model.Fpn.Channels;
        return model.Rpn.AnchorSizes.Select((_, level) =>
            LevelArea(pixels, level) * channels * (9 * channels * model.Rpn.Convolutions + 5 * model.Rpn.AnchorSizes[level].Count * model.Rpn.AspectRatios.Count)).Sum();
    }

    private static double Boxes(ModelConfiguration model)
    {
        BoxHeadConfiguration head = model.BoxHead;
        double area = head.PooledSize * head.PooledSize;
        (double work, double channels) = Convolutions(area, model.Fpn.Channels, head.ConvolutionWidths);
        work += area * channels * head.Width;
        if (head.Kind == BoxHeadKind.V1) work += (double)head.Width * head.Width;
        return model.Rpn.PostNmsTopN * (work + 5.0 * head.Width * model.Classes);
    }

    private static double Masks(ModelConfiguration model)
    {
        if (model.MaskHead is not { } head) return 0;
        double area = head.PooledSize * head.PooledSize;
        (double work, double channels) = Convolutions(area, model.Fpn.Channels, head.ConvolutionWidths);
        work += 4 * area * head.PredictorWidth * (channels + (head.ClassAgnostic ? 1 : model.Classes));
        return model.PostProcessing.MaxDetections * work;
    }

    private static double Keypoints(ModelConfiguration model)
    {
        if (model.KeypointHead is not { } head) return 0;
        double area = head.PooledSize * head.PooledSize;
        (double work, double channels) = Convolutions(area, model.Fpn.Channels, head.ConvolutionWidths);
        return model.PostProcessing.MaxDetections * (work + 16 * area * channels * head.Keypoints);
    }

    private static (double Work, double Channels) Convolutions(double area, double channels, IEnumerable<int> widths)
    {
        double work = 0;
        foreach (int width in widths)
        {
            work += area * 9 * channels * width;
            channels = width;
        }
        return (work, channels);
    }

    /// <summary>Pixels of C2 (level 0) to C5, and of what follows.</summary>
    private static double LevelArea(double pixels, int level) => pixels / Math.Pow(4, level + 2);
}
