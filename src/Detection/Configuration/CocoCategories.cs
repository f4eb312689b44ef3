namespace MaskRcnn.Detection.Configuration;

/// <summary>COCO's categories as torchvision's models use them: the label is the category's id.</summary>
public static class CocoCategories
{
    /// <summary>Names of the ids 1 to 90; the ten ids that COCO never used are empty.</summary>
    private static readonly string[] Names =
    [
        "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light",
        "fire hydrant", "", "stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow",
        "elephant", "bear", "zebra", "giraffe", "", "backpack", "umbrella", "", "", "handbag", "tie", "suitcase",
        "frisbee", "skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard",
        "surfboard", "tennis racket", "bottle", "", "wine glass", "cup", "fork", "knife", "spoon", "bowl",
        "banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake",
        "chair", "couch", "potted plant", "bed", "", "dining table", "", "", "toilet", "", "tv", "laptop", "mouse",
        "remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "", "book",
        "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
    ];

    /// <summary>The 80 categories of things.</summary>
    public static IReadOnlyList<LabelledCategory> Things { get; } =
        [.. Names.Select((name, index) => new LabelledCategory(index + 1, index + 1, name)).Where(category => category.Name.Length > 0)];

    /// <summary>The category of keypoint models.</summary>
    public static IReadOnlyList<LabelledCategory> Persons { get; } = [new(1, 1, "person")];
}
