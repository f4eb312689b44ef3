namespace MaskRcnn.Coco.Datasets;

/// <summary>A member that this library gives no meaning to, carried from file to file unchanged.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Json">Its value, JSON in UTF-8.</param>
public sealed record ExtraMember(string Name, ReadOnlyMemory<byte> Json);
