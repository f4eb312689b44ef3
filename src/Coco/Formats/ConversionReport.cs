namespace MaskRcnn.Coco.Formats;

/// <summary>What a conversion did, and everything that the new format could not hold.</summary>
/// <remarks>Objects in = objects out + the four kinds of skipped objects.</remarks>
public sealed record ConversionReport
{
    /// <summary>What was read.</summary>
    public required DatasetKind From { get; init; }

    /// <summary>What was written.</summary>
    public required ConversionTarget To { get; init; }

    /// <summary>Images read; for a results file, the images that it refers to.</summary>
    public required int Images { get; init; }

    /// <summary>Objects read, crowds included.</summary>
    public required int ObjectsIn { get; init; }

    /// <summary>Objects written.</summary>
    public required int ObjectsOut { get; init; }

    /// <summary>Crowd regions that the new format has no place for.</summary>
    public required int SkippedCrowds { get; init; }

    /// <summary>Objects without a mask, where the new format needs one.</summary>
    public required int SkippedWithoutMask { get; init; }

    /// <summary>Objects whose mask has no pixel, where the new format needs one.</summary>
    public required int SkippedEmptyMasks { get; init; }

    /// <summary>Objects wholly under others, where the new format gives a pixel to one object.</summary>
    public required int SkippedHidden { get; init; }

    /// <summary>Objects that lost holes.</summary>
    public required int LostHoles { get; init; }

    /// <summary>Objects that lost all parts but the largest.</summary>
    public required int LostParts { get; init; }

    /// <summary>Pixels of more than one object, given to the one on top.</summary>
    public required long OverlappingPixels { get; init; }

    /// <summary>Objects written with a box and no mask.</summary>
    public required int WithoutMask { get; init; }

    /// <summary>Objects that stay RLE where polygons were asked for: crowds, and masks without a pixel.</summary>
    public required int KeptAsRle { get; init; }

    /// <summary>Objects that lost keypoints, a score or members that COCO does not define.</summary>
    public required int LostMembers { get; init; }

    /// <summary>Categories that the new format does not write.</summary>
    public required int LostCategories { get; init; }
}
