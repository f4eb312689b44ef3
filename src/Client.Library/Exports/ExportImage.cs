using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Client.Exports;

/// <summary>An image of a result, with the detections that are exported.</summary>
/// <param name="Name">Its path below the collection.</param>
/// <param name="Id">Its id in the result; null when the annotations do not name it.</param>
/// <param name="SetId">Its id in a data set: <paramref name="Id"/>, else a number that no image has.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Found">How many detections the result has, those too that are not exported.</param>
/// <param name="Instances">The exported ones, best score first.</param>
internal sealed record ExportImage(string Name, long? Id, long SetId, int Width, int Height, int Found, IReadOnlyList<ExportInstance> Instances);

/// <summary>A detection.</summary>
/// <param name="Number">Its place in the result's list for the image, from 1; the same whatever is left out.</param>
/// <param name="CategoryId">Its category.</param>
/// <param name="Category">The category's name.</param>
/// <param name="Box">Its box.</param>
/// <param name="Score">Its score.</param>
/// <param name="Mask">Its mask, of the image's size; null if the model has none.</param>
/// <param name="Counts">The mask's runs as COCO's string; null without a mask.</param>
/// <param name="Keypoints">x, y, visibility for each; null if the model has none.</param>
internal sealed record ExportInstance(int Number, long CategoryId, string Category, BoundingBox Box, double Score, Rle? Mask, string? Counts, double[]? Keypoints)
{
    /// <summary>The mask's pixels, else the box's area.</summary>
    public double Area => Mask?.Area ?? Box.Area;
}
