namespace MaskRcnn.Grains.Results.Parts;

/// <summary>How the commit of an attempt ended.</summary>
public enum CommitOutcome
{
    /// <summary>The attempt is the shard's result.</summary>
    Mine,

    /// <summary>Another record was there first: another attempt's, or a split. This attempt's parts are deleted.</summary>
    Anothers,

    /// <summary>Nobody knows, also after several tries. The parts stay; the partition asks the store later.</summary>
    Unknown,
}
