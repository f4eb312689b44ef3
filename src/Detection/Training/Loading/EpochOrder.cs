namespace MaskRcnn.Detection.Training.Loading;

/// <summary>
/// Which images a step gets: a function of seed and step alone. Each epoch takes every image once, in an order of its
/// own. Images of like shape share batches, so that little is padded: a group's images fill batches in the epoch's
/// order, and a batch is due when its last image comes. What is left of a group at the end of an epoch begins its next
/// batch, so that nothing is lost or taken twice.
/// </summary>
/// <remarks>
/// After e epochs a group of n images has filled ⌊e·n / B⌋ batches, whatever the order was; so the epoch of a step is
/// found without going through those before. May be used by many threads.
/// </remarks>
internal sealed class EpochOrder
{
    /// <summary>An epoch and its neighbours are asked for in turn; a few are enough.</summary>
    private const int KeptPlans = 4;

    private readonly Lock _gate = new();
    private readonly int[] _groupOf;
    private readonly int[] _groupSizes;
    private readonly int _batchSize;
    private readonly long _seed;
    private readonly Dictionary<long, int[][]> _orders = [];
    private (long Epoch, EpochItem[][] Batches) _plan = (-1, []);

    /// <param name="groupOf">The group of each image, from 0.</param>
    /// <param name="batchSize">Images of a batch.</param>
    /// <param name="seed">The seed of the orders.</param>
    public EpochOrder(int[] groupOf, int batchSize, long seed)
    {
        _groupOf = groupOf;
        _batchSize = batchSize;
        _seed = seed;
        _groupSizes = new int[groupOf.Max() + 1];
        foreach (int group in groupOf) _groupSizes[group]++;
    }

    /// <summary>How many batches are full after a number of epochs.</summary>
    public long BatchesThrough(long epochs) => _groupSizes.Sum(size => epochs * size / _batchSize);

    /// <summary>The images of a step.</summary>
    public IReadOnlyList<EpochItem> Batch(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        // The groups' roundings make an epoch at most one batch a group shorter than its share.
        long epoch = Math.Max(0, (long)((double)step * _batchSize / _groupOf.Length) - 1);
        while (epoch > 0 && BatchesThrough(epoch) > step) epoch--;
        while (BatchesThrough(epoch + 1) <= step) epoch++;
        lock (_gate)
        {
            if (_plan.Epoch != epoch) _plan = (epoch, Plan(epoch));
            return _plan.Batches[step - BatchesThrough(epoch)];
        }
    }

    /// <summary>The batches that are due in an epoch.</summary>
    private EpochItem[][] Plan(long epoch)
    {
        List<EpochItem>[] open = [.. _groupSizes.Select((size, group) => Carried(group, epoch))];
        List<EpochItem[]> batches = [];
        foreach (int index in TrainingRandom.Of(_seed, epoch).Permutation(_groupOf.Length))
        {
            List<EpochItem> batch = open[_groupOf[index]];
            batch.Add(new EpochItem(epoch, index));
            if (batch.Count < _batchSize) continue;
            batches.Add([.. batch]);
            batch.Clear();
        }
        foreach (long old in _orders.Keys.Where(known => known < epoch - KeptPlans || known > epoch).ToArray()) _orders.Remove(old);
        return [.. batches];
    }

    /// <summary>The images that a group has left from the epochs before.</summary>
    private List<EpochItem> Carried(int group, long epoch)
    {
        long end = epoch * _groupSizes[group];
        List<EpochItem> carried = [];
        // A small group may need several epochs for a batch.
        for (long position = end - end % _batchSize; position < end; position++)
        {
            (long before, long place) = Math.DivRem(position, _groupSizes[group]);
            carried.Add(new EpochItem(before, Order(before)[group][place]));
        }
        return carried;
    }

    /// <summary>An epoch's order, by group.</summary>
    private int[][] Order(long epoch)
    {
        if (_orders.TryGetValue(epoch, out int[][]? known)) return known;
        ILookup<int, int> byGroup = TrainingRandom.Of(_seed, epoch).Permutation(_groupOf.Length).ToLookup(index => _groupOf[index]);
        return _orders[epoch] = [.. Enumerable.Range(0, _groupSizes.Length).Select(group => byGroup[group].ToArray())];
    }
}

/// <summary>An image as an epoch takes it.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Index">The image's place in the data set.</param>
internal readonly record struct EpochItem(long Epoch, int Index);
