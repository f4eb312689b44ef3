using MaskRcnn.Storage;

namespace MaskRcnn.Chaos.Places;

/// <summary>Where a job reads and writes, and what can go wrong there.</summary>
internal interface IJobPlace : IAsyncDisposable
{
    string Images { get; }

    string Model { get; }

    /// <summary>The job's folder for those who submit it.</summary>
    string Output { get; }

    /// <summary>Opens a job's folder, past everything that goes wrong.</summary>
    /// <param name="job">The job's id.</param>
    IBlobStore Open(string job);

    /// <summary>The service or the disk is away, or full, for as long.</summary>
    Task TakeAwayAsync(TimeSpan time);

    /// <summary>Some of what is asked goes wrong, for as long; null where that cannot be.</summary>
    /// <param name="seed">Which.</param>
    Func<TimeSpan, Task>? Disturb(int seed);
}
