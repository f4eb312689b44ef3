namespace MaskRcnn.Detection.Configuration;

/// <summary>
/// Everything that describes a model besides its weights: architecture, input transform, thresholds and classes.
/// It is stored in the model file. <see cref="ModelPresets"/> has the named ones.
/// </summary>
public sealed record ModelConfiguration
{
    /// <summary>Name of the architecture, for people: <c>maskrcnn_resnet50_fpn</c>.</summary>
    public string Name { get; init; } = "maskrcnn_resnet50_fpn";

    /// <summary>How an image becomes the network's input.</summary>
    public TransformConfiguration Transform { get; init; } = new();

    /// <summary>The ResNet.</summary>
    public BackboneConfiguration Backbone { get; init; } = new();

    /// <summary>The feature pyramid.</summary>
    public FpnConfiguration Fpn { get; init; } = new();

    /// <summary>The region proposal network.</summary>
    public RpnConfiguration Rpn { get; init; } = new();

    /// <summary>How features are pooled for regions of interest.</summary>
    public RoiPoolingConfiguration RoiPooling { get; init; } = new();

    /// <summary>The box branch.</summary>
    public BoxHeadConfiguration BoxHead { get; init; } = new();

    /// <summary>The mask branch; null for Faster R-CNN.</summary>
    public MaskHeadConfiguration? MaskHead { get; init; } = new();

    /// <summary>The keypoint branch; null unless the model finds keypoints.</summary>
    public KeypointHeadConfiguration? KeypointHead { get; init; }

    /// <summary>Number of labels with the background, which is label 0. COCO in torchvision: 91.</summary>
    public int Classes { get; init; } = 91;

    /// <summary>What the labels mean, in order of label; empty when unknown. Labels without an entry are not in the data.</summary>
    public IReadOnlyList<LabelledCategory> Categories { get; init; } = [];

    /// <summary>What becomes of the network's boxes: thresholds and counts.</summary>
    public PostProcessingConfiguration PostProcessing { get; init; } = new();
}

/// <summary>The category that a label of the network stands for.</summary>
/// <param name="Label">The network's label, 1 and up; 0 is the background.</param>
/// <param name="Id">The category's id in COCO files.</param>
/// <param name="Name">Its name.</param>
public sealed record LabelledCategory(int Label, long Id, string Name);
