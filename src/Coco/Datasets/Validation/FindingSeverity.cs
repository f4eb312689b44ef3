namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Tools will read the file, but perhaps not as meant.</summary>
    Warning,

    /// <summary>Training or evaluation would fail, or silently give wrong numbers.</summary>
    Error,
}
