namespace MaskRcnn.Client.Predict;

/// <summary>An image file that a command was given.</summary>
/// <param name="FullPath">Where it is.</param>
/// <param name="RelativePath">Its name in results: below the folder that all inputs have in common, with '/'. No two are equal.</param>
internal sealed record ImageInput(string FullPath, string RelativePath);
