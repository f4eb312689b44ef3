namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>The kinds of findings.</summary>
public static class FindingCodes
{
    /// <summary>Error: there are no images.</summary>
    public const string NoImages = "no-images";

    /// <summary>Error: there are no categories.</summary>
    public const string NoCategories = "no-categories";

    /// <summary>Warning: a file name is absolute or leads out of the images' folder.</summary>
    public const string UnsafeFileName = "unsafe-file-name";

    /// <summary>Warning: an annotation has no mask, though others of the file do.</summary>
    public const string MissingSegmentation = "missing-segmentation";

    /// <summary>Error: two images have one id.</summary>
    public const string DuplicateImageId = "duplicate-image-id";

    /// <summary>Error: two annotations have one id.</summary>
    public const string DuplicateAnnotationId = "duplicate-annotation-id";

    /// <summary>Error: two categories have one id.</summary>
    public const string DuplicateCategoryId = "duplicate-category-id";

    /// <summary>Warning: two images have one file name.</summary>
    public const string DuplicateFileName = "duplicate-file-name";

    /// <summary>Warning: two categories have one name.</summary>
    public const string DuplicateCategoryName = "duplicate-category-name";

    /// <summary>Warning: an image has no file name.</summary>
    public const string MissingFileName = "missing-file-name";

    /// <summary>Error: an image has no pixels.</summary>
    public const string ImageSize = "image-size";

    /// <summary>Error: an annotation's or result's image is not in the data set.</summary>
    public const string UnknownImage = "unknown-image";

    /// <summary>Error: an annotation's or result's category is not in the data set.</summary>
    public const string UnknownCategory = "unknown-category";

    /// <summary>Error: an annotation has no id.</summary>
    public const string MissingId = "missing-id";

    /// <summary>Error: an annotation has the id 0, which pycocotools takes for "not matched".</summary>
    public const string IdZero = "id-zero";

    /// <summary>Error: an annotation has no <c>iscrowd</c>; pycocotools needs it.</summary>
    public const string MissingIsCrowd = "missing-iscrowd";

    /// <summary>Error: an annotation has no <c>area</c>; pycocotools needs it.</summary>
    public const string MissingArea = "missing-area";

    /// <summary>Warning: an annotation has no <c>bbox</c>.</summary>
    public const string MissingBox = "missing-bbox";

    /// <summary>Error: a box's width or height is not positive.</summary>
    public const string BoxSize = "bbox-size";

    /// <summary>Warning: a box reaches out of its image by over a pixel.</summary>
    public const string BoxOutside = "bbox-outside-image";

    /// <summary>Error: an RLE has another size than its image.</summary>
    public const string RleSize = "rle-size";

    /// <summary>Error: an RLE does not decode, or a polygon has coordinates that no image has.</summary>
    public const string InvalidMask = "invalid-mask";

    /// <summary>Error: a polygon has fewer than three points; pycocotools reads one of two points as a box.</summary>
    public const string PolygonTooShort = "polygon-too-short";

    /// <summary>Warning: a polygon reaches out of its image by over a pixel.</summary>
    public const string PolygonOutside = "polygon-outside-image";

    /// <summary>Warning: a mask has no pixel.</summary>
    public const string EmptyMask = "empty-mask";

    /// <summary>Warning: <c>area</c> is far from the mask's pixels; not of crowds.</summary>
    public const string AreaMismatch = "area-mismatch";

    /// <summary>Error: an annotation has another number of keypoints than its category.</summary>
    public const string KeypointsLength = "keypoints-length";

    /// <summary>Warning: <c>num_keypoints</c> is not the number of labelled keypoints.</summary>
    public const string NumKeypoints = "num-keypoints";

    /// <summary>Warning: a keypoint's visibility is not 0, 1 or 2.</summary>
    public const string KeypointVisibility = "keypoint-visibility";

    /// <summary>Error: a result has no score.</summary>
    public const string MissingScore = "missing-score";

    /// <summary>Error: a result has no box, no mask and no keypoints.</summary>
    public const string EmptyResult = "empty-result";
}
