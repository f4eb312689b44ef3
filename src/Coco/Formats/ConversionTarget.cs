namespace MaskRcnn.Coco.Formats;

/// <summary>What a conversion writes.</summary>
public enum ConversionTarget
{
    /// <summary>COCO JSON, masks as polygons. Crowds and masks without a pixel stay RLE.</summary>
    Polygons,

    /// <summary>COCO JSON, masks as compressed RLE.</summary>
    Rle,

    /// <summary>COCO JSON, masks as run lengths in numbers.</summary>
    RleUncompressed,

    /// <summary>YOLO segmentation: a text file an image, and <c>classes.txt</c>.</summary>
    Yolo,

    /// <summary>COCO panoptic JSON and a folder of RGB PNGs.</summary>
    Panoptic,

    /// <summary>A 16-bit PNG or 32-bit TIFF an image, each pixel its object's number.</summary>
    LabelMap,

    /// <summary>COCO JSON; masks stay as they are written, and are compressed RLE where they come from images.</summary>
    Coco,
}
