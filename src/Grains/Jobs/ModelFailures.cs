namespace MaskRcnn.Grains.Jobs;

/// <summary>
/// Workers that could not load a job's model. One may be a broken worker; when several fail, or one again and again, and
/// nobody has finished an image, it is the model.
/// </summary>
internal sealed class ModelFailures
{
    private const int Most = 3;

    private int _failures;

    /// <summary>Counts one.</summary>
    /// <returns>Whether the job should give up.</returns>
    public bool Add(string worker, bool anyDone) => ++_failures >= Most && !anyDone;
}
