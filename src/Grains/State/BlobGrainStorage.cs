using MaskRcnn.Storage;
using Orleans.Serialization;
using Orleans.Storage;

namespace MaskRcnn.Grains.State;

/// <summary>
/// Grain state in blobs, one a grain, guarded by ETags: of two activations of one grain only one can write. It is a cache:
/// what it holds can be rebuilt from the jobs' folders.
/// </summary>
/// <param name="store">The state root.</param>
/// <param name="serializer">Orleans' own.</param>
public sealed class BlobGrainStorage(IBlobStore store, Serializer serializer) : IGrainStorage
{
    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            BlobContent content = await store.ReadAsync(BlobName(stateName, grainId), null, CancellationToken.None);
            grainState.State = serializer.Deserialize<T>(content.Data);
            grainState.ETag = content.ETag;
            grainState.RecordExists = true;
        }
        catch (BlobNotFoundException)
        {
            grainState.State = Activator.CreateInstance<T>();
            grainState.ETag = null;
            grainState.RecordExists = false;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InconsistentStateException">Another activation has written meanwhile.</exception>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        string name = BlobName(stateName, grainId);
        WriteCondition condition = grainState.ETag is { } eTag ? WriteCondition.Match(eTag) : WriteCondition.Absent;
        WriteResult result = await store.WriteAsync(name, serializer.SerializeToArray(grainState.State), condition, Guid.NewGuid().ToString("N"), CancellationToken.None);
        if (result.Outcome == WriteOutcome.Unknown)
            throw new BlobException(store.Location, name, "nobody knows whether the grain's state was written; it is read again.");
        if (!result.IsMine)
            throw new InconsistentStateException($"The state of {grainId} was written by another activation.", result.ETag ?? "none", grainState.ETag ?? "none");
        grainState.ETag = result.ETag;
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await store.DeleteAsync(BlobName(stateName, grainId), null, CancellationToken.None);
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static string BlobName(string stateName, GrainId grainId) => $"state/{stateName}/{Uri.EscapeDataString(grainId.Key.ToString()!)}.bin";
}
