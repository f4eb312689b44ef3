using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Formats.Masks;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Samples.Microscopy.Measurement;
using MaskRcnn.Samples.Png;

namespace MaskRcnn.Samples.Microscopy;

/// <summary>A sample image with its exact ground truth.</summary>
public sealed record SampleImage
{
    /// <summary>The image's number in its set, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Columns.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>height × width grey values, row by row.</summary>
    public required byte[] Pixels { get; init; }

    /// <summary>The nucleus of each pixel, numbered from 1; 0 is background. The shapes are those before blur and noise.</summary>
    public required uint[] Labels { get; init; }

    /// <summary>What was measured in the image.</summary>
    public required ImageMeasurement Measurement { get; init; }

    /// <summary>The file's name in its set.</summary>
    public string FileName => $"microscopy-{Index + 1:D4}.png";

    /// <summary>The image as a PNG, the same bytes on every machine.</summary>
    public byte[] ToPng() => GreyPng.Encode(Pixels, Width, Height);

    /// <summary>The nuclei's masks, in the order of their numbers. No two share a pixel.</summary>
    public IReadOnlyList<Rle> Masks() => [.. LabelMasks.Of(new LabelImage(Height, Width, Labels)).Values];
}
