namespace MaskRcnn.Coco.Evaluation.Matching;

/// <summary>A detection that was matched; its outcomes, one an area range, are in <see cref="ImageMatches.Outcomes"/>.</summary>
/// <param name="Class">Index into the categories (0 if class-agnostic).</param>
/// <param name="Score">The detection's score.</param>
/// <param name="Rank">Its place among the image's detections of the class by descending score, from 0; ties in their given order.</param>
public readonly record struct DetectionMatch(int Class, double Score, int Rank);
