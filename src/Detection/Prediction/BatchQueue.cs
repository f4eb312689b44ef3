namespace MaskRcnn.Detection.Prediction;

/// <summary>Decoded images that wait for the model, and which of them go together: images of one padded size.</summary>
internal sealed class BatchQueue
{
    private readonly object _gate = new();
    private readonly List<PipelineSlot> _waiting = [];
    private bool _completed;
    private bool _stopped;

    /// <summary>Adds an image. The pipeline's window bounds how many there are.</summary>
    public void Put(PipelineSlot image)
    {
        lock (_gate)
        {
            _waiting.Add(image);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Takes the next batch: the first that is full, otherwise the oldest image and those of its size. It waits for an image,
    /// but never for a batch to fill up. Empty when there will be none.
    /// </summary>
    /// <param name="largest">Most images in a batch, as it is when there is one.</param>
    public IReadOnlyList<PipelineSlot> Take(Func<int> largest)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_completed && !_stopped)
                Monitor.Wait(_gate);
            if (_stopped || _waiting.Count == 0)
                return [];
            int most = largest();
            PipelineSlot[] batch = [_waiting[0]];
            if (most > 1)
            {
                IGrouping<(int, int), PipelineSlot>[] groups = [.. _waiting.GroupBy(image => image.PaddedSize)];
                batch = [.. (groups.FirstOrDefault(group => group.Count() >= most) ?? groups[0]).Take(most)];
            }

            foreach (PipelineSlot image in batch)
                _waiting.Remove(image);
            return batch;
        }
    }

    /// <summary>Nothing more will be added.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Whoever waits goes home.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }
}
