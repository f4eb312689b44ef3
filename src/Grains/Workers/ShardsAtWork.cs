namespace MaskRcnn.Grains.Workers;

/// <summary>
/// The shards in the pipeline, from their first image's beginning until they are handed on to be committed: whole, or cut after
/// some of their images. Each is handed on once, whichever thread is first. For several threads.
/// </summary>
internal sealed class ShardsAtWork(Action<ShardTask> commit)
{
    private readonly Lock _gate = new();
    private readonly List<ShardTask> _shards = [];
    private bool _isOver;

    /// <summary>Images that are not out yet, of all of them.</summary>
    public int ImagesLeft
    {
        get
        {
            lock (_gate) return _shards.Sum(shard => shard.ImagesLeft);
        }
    }

    /// <summary>Adds one; false: no more are taken.</summary>
    public bool TryAdd(ShardTask shard)
    {
        lock (_gate)
        {
            if (!_isOver) _shards.Add(shard);
            return !_isOver;
        }
    }

    /// <summary>Hands a shard on if all of its images are out.</summary>
    public void HandOn(ShardTask shard)
    {
        lock (_gate)
        {
            if (shard.ImagesLeft > 0 || !_shards.Remove(shard)) return;
            commit(shard);
        }
    }

    /// <summary>No more of a shard's images will be begun: it ends with those that were.</summary>
    public void EndGiving(ShardTask shard)
    {
        shard.EndGiving();
        HandOn(shard);
    }

    /// <summary>Cuts all shards after the images that are out, and hands them on; takes no more.</summary>
    public void CutAll()
    {
        lock (_gate)
        {
            _isOver = true;
            foreach (ShardTask shard in _shards)
            {
                shard.Cut();
                commit(shard);
            }
            _shards.Clear();
        }
    }

    /// <summary>Forgets them: their leases are given back or lost.</summary>
    public void Forget()
    {
        lock (_gate) _shards.Clear();
    }
}
