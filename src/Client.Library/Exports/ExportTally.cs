namespace MaskRcnn.Client.Exports;

/// <summary>Counts of detections, of an image or of all.</summary>
internal sealed class ExportTally
{
    public long Detections { get; set; }

    public long Empty { get; set; }

    public long Hidden { get; set; }

    public long LostParts { get; set; }

    public long LostHoles { get; set; }

    public void Add(ExportTally other)
    {
        Detections += other.Detections;
        Empty += other.Empty;
        Hidden += other.Hidden;
        LostParts += other.LostParts;
        LostHoles += other.LostHoles;
    }
}
