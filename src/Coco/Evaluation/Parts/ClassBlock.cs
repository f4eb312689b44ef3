namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Where the records of a class are, and how many objects they are measured against.</summary>
/// <param name="ObjectCounts">Objects that count, one number an area range.</param>
/// <param name="Records">Detections.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Hash">XXH3 of the bytes.</param>
internal readonly record struct ClassBlock(long[] ObjectCounts, long Records, long Offset, long Length, ulong Hash);
