namespace MaskRcnn.Detection.Training.Data;

/// <summary>The kinds of findings of <see cref="TrainingDataset"/>.</summary>
public static class TrainingFindingCodes
{
    /// <summary>An image's file is not there. The image is skipped.</summary>
    public const string MissingImage = "missing-image";

    /// <summary>An image's header cannot be read. The image is skipped.</summary>
    public const string UnreadableImage = "unreadable-image";

    /// <summary>An image's header gives another size than the annotations' file, so that these would not fit. The image is skipped.</summary>
    public const string ImageSize = "image-size";

    /// <summary>An image's id is there a second time. The later image is skipped.</summary>
    public const string DuplicateImage = "duplicate-image";

    /// <summary>An image without objects. It is skipped, unless such images are kept.</summary>
    public const string EmptyImage = "image-without-objects";

    /// <summary>An image with too few labelled keypoints. It is skipped.</summary>
    public const string FewKeypoints = "image-without-keypoints";

    /// <summary>An annotation's image is not in the file. The annotation is skipped.</summary>
    public const string UnknownImage = "unknown-image";

    /// <summary>An annotation's category is none of the model's. The annotation is skipped.</summary>
    public const string UnknownCategory = "unknown-category";

    /// <summary>A crowd: one annotation over many objects. It is left out, as in torchvision's reference training.</summary>
    public const string Crowd = "crowd";

    /// <summary>An annotation has neither box nor mask. It is skipped.</summary>
    public const string MissingBox = "missing-box";

    /// <summary>A box's width or height is not positive, or not finite. The annotation is skipped unless it has a mask.</summary>
    public const string BoxWithoutArea = "box-without-area";

    /// <summary>A box has no part within the image. The annotation is skipped unless it has a mask.</summary>
    public const string BoxOutside = "box-outside";

    /// <summary>A box leaves the image by more than a pixel. It is cut to the image.</summary>
    public const string BoxClipped = "box-clipped";

    /// <summary>A mask has no pixel. The annotation is skipped.</summary>
    public const string EmptyMask = "empty-mask";

    /// <summary>A mask does not decode, or has another size than its image. The annotation is skipped.</summary>
    public const string InvalidMask = "invalid-mask";

    /// <summary>An annotation has no mask, though the model has a mask head. It is trained on without one.</summary>
    public const string MissingMask = "missing-mask";

    /// <summary>An annotation has another number of keypoints than the model's head. It is skipped.</summary>
    public const string KeypointCount = "keypoint-count";

    /// <summary>An annotation has no keypoints, though the model has a keypoint head. It is trained on without them.</summary>
    public const string MissingKeypoints = "missing-keypoints";

    /// <summary>A labelled keypoint is outside the image. It is taken as not labelled.</summary>
    public const string KeypointOutside = "keypoint-outside";

    /// <summary>A class of the model has no object in the data.</summary>
    public const string ClassWithoutInstances = "class-without-instances";

    internal static string MessageOf(string code) => code switch
    {
        MissingImage => "images have no file and are skipped",
        UnreadableImage => "images cannot be read and are skipped",
        ImageSize => "images have another size than the annotations' file says and are skipped",
        DuplicateImage => "images have the id of an earlier one and are skipped",
        EmptyImage => "images have no objects to train on",
        FewKeypoints => "images have too few labelled keypoints and are skipped",
        UnknownImage => "annotations are of an image that is not in the file and are skipped",
        UnknownCategory => "annotations have a category that the model does not know and are skipped",
        Crowd => "annotations are crowds and are left out",
        MissingBox => "annotations have neither box nor mask and are skipped",
        BoxWithoutArea => "boxes have no area; without a mask the annotation is skipped",
        BoxOutside => "boxes are outside their image; without a mask the annotation is skipped",
        BoxClipped => "boxes leave their image and are cut to it",
        EmptyMask => "masks have no pixel and their annotations are skipped",
        InvalidMask => "masks cannot be decoded and their annotations are skipped",
        MissingMask => "annotations have no mask and train the boxes only",
        KeypointCount => "annotations have another number of keypoints than the model and are skipped",
        MissingKeypoints => "annotations have no keypoints and train the boxes only",
        KeypointOutside => "keypoints are outside their image and count as not labelled",
        ClassWithoutInstances => "classes of the model have no object in the data",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "There is no such kind of finding."),
    };
}
