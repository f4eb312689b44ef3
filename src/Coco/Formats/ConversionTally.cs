namespace MaskRcnn.Coco.Formats;

/// <summary>The counts of a conversion under way.</summary>
internal sealed class ConversionTally
{
    public int Images { get; set; }

    public int ObjectsIn { get; set; }

    public int ObjectsOut { get; set; }

    public int SkippedCrowds { get; set; }

    public int SkippedWithoutMask { get; set; }

    public int SkippedEmptyMasks { get; set; }

    public int SkippedHidden { get; set; }

    public int LostHoles { get; set; }

    public int LostParts { get; set; }

    public long OverlappingPixels { get; set; }

    public int WithoutMask { get; set; }

    public int KeptAsRle { get; set; }

    public int LostMembers { get; set; }

    public int LostCategories { get; set; }

    public ConversionReport ToReport(DatasetKind from, ConversionTarget to) => new()
    {
        From = from,
        To = to,
        Images = Images,
        ObjectsIn = ObjectsIn,
        ObjectsOut = ObjectsOut,
        SkippedCrowds = SkippedCrowds,
        SkippedWithoutMask = SkippedWithoutMask,
        SkippedEmptyMasks = SkippedEmptyMasks,
        SkippedHidden = SkippedHidden,
        LostHoles = LostHoles,
        LostParts = LostParts,
        OverlappingPixels = OverlappingPixels,
        WithoutMask = WithoutMask,
        KeptAsRle = KeptAsRle,
        LostMembers = LostMembers,
        LostCategories = LostCategories,
    };
}
