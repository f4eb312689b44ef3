namespace MaskRcnn.Grains.Workers;

/// <summary>
/// One device of one silo: holds the model and works on shards. The key is <c>&lt;silo's address&gt;/&lt;device&gt;</c>; it lives on that
/// silo and nowhere else.
/// </summary>
[Alias("maskrcnn.worker")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Answers at once: for measuring that grains stay responsive while the pipeline works.</summary>
    [ResponseTimeout("00:00:05")]
    Task<WorkerReport> GetReport();
}
