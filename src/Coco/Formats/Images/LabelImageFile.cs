using MaskRcnn.Coco.Datasets;
using NetVips;

namespace MaskRcnn.Coco.Formats.Images;

/// <summary>Label images as files: one whole number a pixel, in PNG (up to 16 bit) or TIFF (8, 16 or 32 bit).</summary>
internal static class LabelImageFile
{
    /// <summary>Reads a label image. Numbers are taken as they are: no scaling, no colour conversion.</summary>
    /// <exception cref="DatasetContentException">The file is not such an image; nothing is guessed.</exception>
    public static LabelImage Read(string path)
    {
        byte[] content = File.ReadAllBytes(path);
        using Image image = ImageFile.OpenLabels(path, content);
        if (image.Bands != 1)
        {
            string palette = image.Contains("palette") ? " (a palette)" : "";
            throw new DatasetContentException(path, $"{image.Bands} channels{palette}", "one channel: a greyscale label map");
        }
        if (image.Contains("n-pages") && (int)image.Get("n-pages") > 1)
            throw new DatasetContentException(path, $"{image.Get("n-pages")} pages", "one page, one image");
        uint[] labels = ImageFile.Guard(path, () => Samples(path, image));
        Restore(path, labels, image, content);
        return new LabelImage(image.Height, image.Width, labels);
    }

    /// <summary>Undoes what libvips does to make a picture of numbers: stretching few bits to eight, and inverting.</summary>
    private static void Restore(string path, uint[] labels, Image image, byte[] content)
    {
        bool isPng = content[0] == 0x89;
        int bits = image.Contains("bits-per-sample") ? (int)image.Get("bits-per-sample") : 8;
        if (bits < 8)
        {
            if (!isPng) throw new DatasetContentException(path, $"samples of {bits} bit", "whole numbers of 8, 16 or 32 bit");
            uint step = 255u / ((1u << bits) - 1);
            for (int i = 0; i < labels.Length; i++) labels[i] /= step;
        }
        if (isPng || !TiffTags.IsWhiteZero(content)) return;
        uint max = image.Format switch
        {
            Enums.BandFormat.Uchar => byte.MaxValue,
            Enums.BandFormat.Ushort => ushort.MaxValue,
            Enums.BandFormat.Uint => uint.MaxValue,
            _ => throw new DatasetContentException(
                path, "signed samples with white as zero", "samples with black as zero (PhotometricInterpretation 1)"),
        };
        for (int i = 0; i < labels.Length; i++) labels[i] = max - labels[i];
    }

    /// <summary>The PNG for labels up to 65535: 16 bit, greyscale, without loss.</summary>
    public static byte[] ToPng(LabelImage labels)
    {
        ushort[] samples = Array.ConvertAll(labels.Labels, l => checked((ushort)l));
        using Image image = Image.NewFromMemory(samples, labels.Width, labels.Height, 1, Enums.BandFormat.Ushort);
        using Image grey = image.Copy(interpretation: Enums.Interpretation.Grey16);
        return grey.PngsaveBuffer(compression: 6, bitdepth: 16);
    }

    /// <summary>The TIFF for any labels: 32 bit, compressed without loss.</summary>
    public static byte[] ToTiff(LabelImage labels)
    {
        using Image image = Image.NewFromMemory(labels.Labels, labels.Width, labels.Height, 1, Enums.BandFormat.Uint);
        return image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.None);
    }

    private static uint[] Samples(string path, Image image) => image.Format switch
    {
        Enums.BandFormat.Uchar => Array.ConvertAll(image.WriteToMemory<byte>(), s => (uint)s),
        Enums.BandFormat.Ushort => Array.ConvertAll(image.WriteToMemory<ushort>(), s => (uint)s),
        Enums.BandFormat.Uint => image.WriteToMemory<uint>(),
        Enums.BandFormat.Char => Array.ConvertAll(image.WriteToMemory<sbyte>(), s => NotNegative(path, s)),
        Enums.BandFormat.Short => Array.ConvertAll(image.WriteToMemory<short>(), s => NotNegative(path, s)),
        Enums.BandFormat.Int => Array.ConvertAll(image.WriteToMemory<int>(), s => NotNegative(path, s)),
        _ => throw new DatasetContentException(path, $"samples of type {image.Format}", "whole numbers of 8, 16 or 32 bit"),
    };

    private static uint NotNegative(string path, int sample) =>
        sample >= 0 ? (uint)sample : throw new DatasetContentException(path, $"the label {sample}", "labels from 0, the background");
}
