namespace MaskRcnn.Detection.Images;

/// <summary>Why an image cannot be decoded.</summary>
public enum ImageProblem
{
    /// <summary>There are no bytes at all.</summary>
    Empty,

    /// <summary>The first bytes are of none of the known formats.</summary>
    UnknownFormat,

    /// <summary>The data ends too soon or contradicts itself.</summary>
    Damaged,

    /// <summary>The header promises more pixels than are allowed.</summary>
    TooManyPixels,

    /// <summary>The format has this variant, but it has no agreed meaning as RGB here.</summary>
    Unsupported,
}
