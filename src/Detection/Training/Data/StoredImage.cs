namespace MaskRcnn.Detection.Training.Data;

/// <summary>An image as it waits: where its file is, and its objects.</summary>
internal sealed record StoredImage(long Id, string FileName, string Path, int Width, int Height, IReadOnlyList<StoredInstance> Instances)
{
    public TrainingImage ToImage() => new(Id, FileName, Width, Height, Instances.Count);
}
