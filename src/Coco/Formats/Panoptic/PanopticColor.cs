using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Images;
using NetVips;

namespace MaskRcnn.Coco.Formats.Panoptic;

/// <summary>Segment ids as colours: id = R + 256 G + 65536 B; black is no segment.</summary>
internal static class PanopticColor
{
    /// <summary>Reads a PNG of segment ids.</summary>
    /// <exception cref="DatasetContentException">The file is not an 8-bit RGB PNG.</exception>
    public static LabelImage Read(string path)
    {
        if (!File.Exists(path)) throw new DatasetContentException(path, "no such file", "the RGB PNG of segment ids that the panoptic file names");
        byte[] content = File.ReadAllBytes(path);
        using Image image = ImageFile.OpenLabels(path, content);
        if (image.Bands != 3 || image.Format != Enums.BandFormat.Uchar)
            throw new DatasetContentException(path, $"{image.Bands} channels of type {image.Format}", "red, green and blue of 8 bit");
        byte[] colors = ImageFile.Guard(path, () => image.WriteToMemory<byte>());
        var ids = new uint[colors.Length / 3];
        for (int i = 0; i < ids.Length; i++) ids[i] = colors[3 * i] | (uint)colors[3 * i + 1] << 8 | (uint)colors[3 * i + 2] << 16;
        return new LabelImage(image.Height, image.Width, ids);
    }

    /// <summary>The PNG for ids below 2²⁴.</summary>
    public static byte[] ToPng(LabelImage ids)
    {
        var colors = new byte[3 * ids.Labels.Length];
        for (int i = 0; i < ids.Labels.Length; i++)
        {
            uint id = ids.Labels[i];
            colors[3 * i] = (byte)id;
            colors[3 * i + 1] = (byte)(id >> 8);
            colors[3 * i + 2] = (byte)(id >> 16);
        }
        using Image image = Image.NewFromMemory(colors, ids.Width, ids.Height, 3, Enums.BandFormat.Uchar);
        using Image rgb = image.Copy(interpretation: Enums.Interpretation.Srgb);
        return rgb.PngsaveBuffer(compression: 6);
    }
}
