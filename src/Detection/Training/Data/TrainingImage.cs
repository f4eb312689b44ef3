namespace MaskRcnn.Detection.Training.Data;

/// <summary>An image that is trained on.</summary>
/// <param name="Id">Its id in the data set.</param>
/// <param name="FileName">Its file, as the data set names it.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Instances">How many objects it has.</param>
public sealed record TrainingImage(long Id, string FileName, int Width, int Height, int Instances);
