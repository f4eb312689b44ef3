namespace MaskRcnn.Grains.Jobs;

/// <summary>
/// Workers that cannot work on a job. One may be a broken worker; when it happens again and again and nobody has finished an
/// image, it is the job.
/// </summary>
internal sealed class WorkerFaults
{
    private const int Most = 3;

    private int _faults;

    /// <summary>Counts one.</summary>
    /// <returns>Whether the job should give up.</returns>
    public bool Add(bool isPermanent, bool anyDone) => isPermanent || (++_faults >= Most && !anyDone);
}
