namespace MaskRcnn.Coco.Json;

/// <summary>What a file as a whole is.</summary>
internal enum JsonRoot
{
    /// <summary>One object, as data sets are.</summary>
    Object,

    /// <summary>One array, as results files are.</summary>
    Array,
}
