using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Training.Optimization;

/// <summary>The norm of all gradients together.</summary>
internal static class GradientNorm
{
    private const double Eps = 1e-6;

    /// <summary>Shortens the gradients to a norm, when they are longer.</summary>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="limit">Largest norm; 0 for no limit.</param>
    /// <returns>The norm before.</returns>
    public static double Clip(IEnumerable<Parameter> parameters, double limit)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<torch.Tensor>()];
        if (gradients.Length == 0)
            return 0;
        torch.Tensor norms = torch.stack([.. gradients.Select(gradient => gradient.norm())]);
        double norm = norms.norm().item<float>();
        if (limit > 0 && norm > limit)
        {
            foreach (torch.Tensor gradient in gradients)
                gradient.mul_(limit / (norm + Eps));
        }

        return norm;
    }
}
