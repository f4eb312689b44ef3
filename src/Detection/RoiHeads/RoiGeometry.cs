namespace MaskRcnn.Detection.RoiHeads;

/// <summary>What the pooled features of a region look like.</summary>
/// <param name="Height">Bins from top to bottom.</param>
/// <param name="Width">Bins from left to right.</param>
/// <param name="Channels">Channels.</param>
/// <param name="SamplingRatio">Samples a bin and axis; 0: as many as the bin has pixels.</param>
/// <param name="Aligned">Whether coordinates are shifted by half a pixel.</param>
internal readonly record struct RoiGeometry(int Height, int Width, int Channels, int SamplingRatio, bool Aligned);
