namespace MaskRcnn.Grains.State;

/// <summary>Where grains keep what they would not like to find out again.</summary>
public static class GrainState
{
    /// <summary>The provider's name in <see cref="PersistentStateAttribute"/>; whether it is blobs or Redis is the silo's affair.</summary>
    public const string Provider = "grain-state";
}
