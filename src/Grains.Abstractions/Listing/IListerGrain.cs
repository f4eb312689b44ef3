namespace MaskRcnn.Grains.Listing;

/// <summary>Pages a job's collection, on a thread of its own. The key is the job's id.</summary>
[Alias("maskrcnn.lister")]
public interface IListerGrain : IGrainWithStringKey
{
    /// <summary>Begins, or goes on after a crash, if it is not at work; tells what is listed.</summary>
    /// <param name="fromSegment">Segments from this on are told.</param>
    [ResponseTimeout("00:00:10")]
    Task<ListingStatus> Poll(int fromSegment);

    /// <summary>Stops: the job is cancelled.</summary>
    [ResponseTimeout("00:00:10")]
    Task Stop();
}

/// <summary>How far the listing is.</summary>
/// <param name="Segments">New segments, in order.</param>
/// <param name="IsDone">Whether there will be no more.</param>
/// <param name="Error">Why it stopped; the next poll tries again. Null while all is well.</param>
/// <param name="IsPermanent">Whether trying again is no use.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.listing-status")]
public sealed record ListingStatus([property: Id(0)] IReadOnlyList<SegmentHeader> Segments, [property: Id(1)] bool IsDone, [property: Id(2)] string? Error, [property: Id(3)] bool IsPermanent);

/// <summary>What a job remembers of a segment.</summary>
/// <param name="FirstShard">Its first shard.</param>
/// <param name="Shards">How many shards it has.</param>
/// <param name="Images">How many images.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.segment-header")]
public readonly record struct SegmentHeader([property: Id(0)] int FirstShard, [property: Id(1)] int Shards, [property: Id(2)] int Images);
