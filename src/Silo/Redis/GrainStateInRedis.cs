using Orleans.Storage;

namespace MaskRcnn.Silo.Redis;

/// <summary>
/// Grain state by Orleans' provider, whose failures come as <see cref="IOException"/>: to the grains Redis is a store like another,
/// and one that is away is tried again.
/// </summary>
internal sealed class GrainStateInRedis(IGrainStorage redis) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Translate(redis.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Translate(redis.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Translate(redis.ClearStateAsync(stateName, grainId, grainState));

    private static async Task Translate(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception exception) when (exception is not (InconsistentStateException or IOException or OperationCanceledException))
        {
            throw new IOException($"Redis does not keep grain state: {exception.Message}", exception);
        }
    }
}
