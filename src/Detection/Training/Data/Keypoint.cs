namespace MaskRcnn.Detection.Training.Data;

/// <summary>A keypoint of an object.</summary>
/// <param name="X">Pixels from the left.</param>
/// <param name="Y">Pixels from the top.</param>
/// <param name="Visibility">As COCO has it: 0 not labelled (then X and Y are 0), 1 hidden, 2 visible.</param>
public readonly record struct Keypoint(float X, float Y, int Visibility);
