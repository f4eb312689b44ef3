using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Training.Optimization;

/// <summary>
/// Stochastic gradient descent with momentum and weight decay, in torch's order of operations: g += decay · w;
/// m = momentum · m + g; w −= rate · m.
/// </summary>
/// <remarks>TorchSharp's SGD has the same formula, but does not let its momentum be saved and restored by parameter.</remarks>
internal sealed class MomentumDescent : IDisposable
{
    private readonly double _momentum;
    private readonly List<(string Name, Parameter Parameter, double Decay, torch.Tensor Velocity)> _parameters;

    /// <summary>Takes the parameters that are trained.</summary>
    /// <param name="parameters">Name, parameter and weight decay of each.</param>
    /// <param name="momentum">Momentum.</param>
    public MomentumDescent(IEnumerable<(string Name, Parameter Parameter, double Decay)> parameters, double momentum)
    {
        _momentum = momentum;
        using var noGradient = torch.no_grad();
        _parameters = [.. parameters.Select(p => (p.Name, p.Parameter, p.Decay, torch.zeros_like(p.Parameter)))];
    }

    /// <summary>The momentum of each parameter, by its name: what a checkpoint must hold.</summary>
    public IEnumerable<(string Name, torch.Tensor Velocity)> State => _parameters.Select(p => (p.Name, p.Velocity));

    /// <summary>The parameters that are trained.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters => _parameters.Select(p => (p.Name, p.Parameter));

    /// <summary>Goes one step down the gradients, and clears them.</summary>
    public void Step(double learningRate)
    {
        using var noGradient = torch.no_grad();
        foreach ((string _, Parameter parameter, double decay, torch.Tensor velocity) in _parameters)
        {
            // A branch that had nothing to learn from.
            if (parameter.grad is not { } gradient)
                continue;
            using (gradient)
            {
                if (decay != 0)
                    gradient.add_(parameter, alpha: decay);
                velocity.mul_(_momentum);
                velocity.add_(gradient);
                parameter.add_(velocity, alpha: -learningRate);
            }

            parameter.grad = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters.ForEach(p => p.Velocity.Dispose());
}
