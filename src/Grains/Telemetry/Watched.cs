using System.Collections.Concurrent;

namespace MaskRcnn.Grains.Telemetry;

/// <summary>What gauges look at: each member for as long as it lives. For any thread.</summary>
internal sealed class Watched<T> where T : class
{
    private readonly ConcurrentDictionary<T, byte> _members = new(ReferenceEqualityComparer.Instance);

    /// <summary>Those that are there now.</summary>
    public ICollection<T> Now => _members.Keys;

    public void Add(T member) => _members.TryAdd(member, 0);

    public void Remove(T member) => _members.TryRemove(member, out _);
}
