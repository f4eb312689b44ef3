namespace MaskRcnn.Coco.Evaluation.Instances;

/// <summary>A detection and an object that overlap enough to be paired.</summary>
internal readonly record struct Pair(int Detection, int Object, double Iou);
