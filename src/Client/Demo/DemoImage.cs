namespace MaskRcnn.Client.Demo;

/// <summary>An image of the demo, and its two pictures.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Counts">How it fared.</param>
/// <param name="Found">The overlay of what was found, relative to the demo's folder.</param>
/// <param name="Truth">The overlay of the ground truth, relative to the demo's folder.</param>
internal sealed record DemoImage(string Name, int Width, int Height, DemoCounts Counts, string Found, string Truth);
