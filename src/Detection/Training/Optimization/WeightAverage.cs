using TorchSharp;

namespace MaskRcnn.Detection.Training.Optimization;

/// <summary>
/// An exponential moving average of all weights and statistics: a = d · a + (1 − d) · w. Early on the average is
/// shorter, d = min(decay, (1 + t) / (10 + t)), so that it does not remember the first weights for long.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly List<(string Name, torch.Tensor Source, torch.Tensor Average)> _tensors;

    /// <summary>Begins with the weights as they are.</summary>
    public WeightAverage(torch.nn.Module network, double decay)
    {
        _decay = decay;
        using var noGradient = torch.no_grad();
        _tensors = [.. NetworkLoader.Tensors(network).Select(t => (t.Name, t.Tensor, t.Tensor.detach().clone()))];
    }

    /// <summary>The averages, by name.</summary>
    public IEnumerable<(string Name, torch.Tensor Tensor)> State => _tensors.Select(t => (t.Name, t.Average));

    /// <summary>Takes the weights after a step into the average.</summary>
    /// <param name="step">Steps that were made, this one included.</param>
    public void Add(long step)
    {
        using var noGradient = torch.no_grad();
        double decay = Math.Min(_decay, (1.0 + step) / (10 + step));
        foreach ((string _, torch.Tensor source, torch.Tensor average) in _tensors)
        {
            if (!average.is_floating_point())
            {
                average.copy_(source);
                continue;
            }

            average.mul_(decay);
            average.add_(source, alpha: 1 - decay);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tensors.ForEach(t => t.Average.Dispose());
}
