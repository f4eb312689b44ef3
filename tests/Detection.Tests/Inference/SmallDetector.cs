using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Tests.Golden;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Inference;

/// <summary>The small golden model, ready to run, and images to run it on.</summary>
internal static class SmallDetector
{
    public static Detector Create(Precision precision = Precision.Fp32) => new(TinyModel.Load(precision: null), new ExecutionPlan(torch.CPU, precision));

    public static RgbImage Image(int index = 0) => ImageDecoder.DecodeFile(GoldenFile.PathOf($"tiny_img{index}.png")).Image;

    /// <summary>The golden image, resampled to another size.</summary>
    public static RgbImage Image(int width, int height)
    {
        RgbImage source = Image();
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                source.Pixels.AsSpan((y * source.Height / height * source.Width + x * source.Width / width) * 3, 3).CopyTo(pixels.AsSpan((y * width + x) * 3));
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>The same objects in the same order, scores within a tolerance, boxes within 0.02 pixels, masks within 0.999 IoU.</summary>
    public static void AssertSame(ImageDetections expected, ImageDetections actual, double scoreTolerance = 1e-4)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Instances.Select(i => i.Label), actual.Instances.Select(i => i.Label));
        for (int i = 0; i < expected.Instances.Count; i++)
        {
            DetectedInstance one = expected.Instances[i], other = actual.Instances[i];
            Near.Equal([one.Score], [other.Score], scoreTolerance, $"score {i}");
            Near.Boxes([one.Box], [other.Box], 0.02, $"box {i}");
            if (one.Mask is { Area: > 0 } mask)
                Assert.True(MaskRcnn.Coco.Masks.Rle.Iou(other.Mask!, mask) >= 0.999, $"mask {i}");
        }
    }
}
