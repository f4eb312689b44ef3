namespace MaskRcnn.Grains.Documents;

/// <summary>Why an image has no result. The documented list.</summary>
public static class ImageErrorCauses
{
    /// <summary>It has 0 bytes.</summary>
    public const string Empty = "empty";

    /// <summary>Its first bytes are of no known image format.</summary>
    public const string UnknownFormat = "unknown-format";

    /// <summary>Its data end too soon or contradict themselves.</summary>
    public const string Damaged = "damaged";

    /// <summary>It has more pixels than allowed.</summary>
    public const string TooManyPixels = "too-many-pixels";

    /// <summary>Its file has more bytes than allowed.</summary>
    public const string TooManyBytes = "too-many-bytes";

    /// <summary>Its format has this variant, but it has no agreed meaning as RGB.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>A manifest, COCO file or archive names it, and there was no file when it was listed.</summary>
    public const string NotFound = "not-found";

    /// <summary>It was listed, and is gone.</summary>
    public const string Vanished = "vanished";

    /// <summary>It was listed, and is another now.</summary>
    public const string Changed = "changed";

    /// <summary>The store could not deliver it, also after trying again.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>It does not fit the device's memory, even alone.</summary>
    public const string OutOfMemory = "out-of-memory";

    /// <summary>The model failed on it.</summary>
    public const string ModelError = "model-error";

    /// <summary>Its worker died three times while it was the only image in flight.</summary>
    public const string Poisonous = "poisonous";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Empty, UnknownFormat, Damaged, TooManyPixels, TooManyBytes, Unsupported, NotFound, Vanished, Changed, Unreadable, OutOfMemory, ModelError, Poisonous];
}
