namespace MaskRcnn.Coco.Evaluation.Matching;

/// <summary>What became of a detection in one area range: one bit for each IoU threshold.</summary>
/// <param name="TruePositive">It matched an object that counts.</param>
/// <param name="Ignored">It counts neither way: it matched an ignored object, or matched none and its own area is outside the range.</param>
/// <remarks>A detection that is neither is a false positive.</remarks>
public readonly record struct Outcome(ulong TruePositive, ulong Ignored);
