using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Formats.Masks;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.LabelMap;

/// <summary>Writes a label map an image: its objects numbered 1, 2, … in the file's order.</summary>
internal static class LabelMapWriter
{
    /// <exception cref="DatasetContentException">A mask does not decode, or a name leads out of the folder.</exception>
    public static void Write(
        string file, CocoDataset dataset, ImageObjects objects, string folder, ConversionTally tally, CancellationToken cancellationToken)
    {
        ImageObjects.CheckSizes(file, dataset);
        string[] paths = RelativeNames.ForImages(file, folder, dataset.Images, ".png");
        Directory.CreateDirectory(folder);
        tally.LostCategories = dataset.Categories.Count;
        for (int i = 0; i < paths.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CocoImage image = dataset.Images[i];
            List<(Rle Mask, CocoAnnotation Annotation)> masks = DrawableObjects.Of(file, image, objects, tally, crowds: false);
            (LabelImage labels, long overlapping) = MaskPainter.Paint([.. masks.Select(m => (m.Mask, false))], image.Height, image.Width);
            tally.OverlappingPixels += overlapping;
            int visible = LabelMasks.Of(labels).Count;
            tally.SkippedHidden += masks.Count - visible;
            tally.ObjectsOut += visible;
            if (masks.Count <= ushort.MaxValue) AtomicFile.Write(paths[i], stream => stream.Write(LabelImageFile.ToPng(labels)), cancellationToken);
            else AtomicFile.Write(Path.ChangeExtension(paths[i], ".tif"), stream => stream.Write(LabelImageFile.ToTiff(labels)), cancellationToken);
        }
    }
}
