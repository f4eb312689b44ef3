namespace MaskRcnn.Coco.Formats;

/// <summary>How a data set lies on disk.</summary>
public enum DatasetKind
{
    /// <summary>A COCO JSON file: an object with images, annotations and categories.</summary>
    Coco,

    /// <summary>A COCO results file: an array of detections.</summary>
    Results,

    /// <summary>A COCO panoptic JSON file with a folder of RGB PNGs.</summary>
    Panoptic,

    /// <summary>A folder of YOLO text files, one an image.</summary>
    Yolo,

    /// <summary>A folder of PNG or TIFF images in which each pixel is its object's number.</summary>
    LabelMap,
}
