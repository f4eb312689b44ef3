using TorchSharp;
using TorchSharp.Modules;
using BatchNorm = MaskRcnn.Detection.Layers.BatchNorm;

namespace MaskRcnn.Detection.Training.Optimization;

/// <summary>Which parts of the network are trained.</summary>
internal static class TrainedParts
{
    /// <summary>Stem and stages of the backbone, last first, as torchvision counts them.</summary>
    private static readonly string[] Stages = ["layer4", "layer3", "layer2", "layer1", "conv1"];

    /// <summary>Sets what is trained.</summary>
    /// <param name="network">The network.</param>
    /// <param name="backboneStages">Stages of the backbone that are trained, from the last one: 0 to 5; with 5 the stem and its norm, too.</param>
    /// <param name="trainNorms">Whether batch norms learn and gather statistics; otherwise they are constants.</param>
    public static void Apply(MaskRcnnNetwork network, int backboneStages, bool trainNorms)
    {
        network.train();
        HashSet<string> trained = [.. Stages.Take(backboneStages)];
        if (backboneStages == Stages.Length)
            trained.Add("bn1");
        foreach ((string name, torch.nn.Module module) in network.named_modules().Select(m => (m.name, m.module)))
        {
            bool norm = module is BatchNorm, frozen = StageOf(name) is { } stage && !trained.Contains(stage);
            if (norm && (frozen || !trainNorms))
                module.eval();
            foreach (Parameter parameter in module.parameters(recurse: false))
                parameter.requires_grad_(!frozen && (!norm || trainNorms));
        }
    }

    /// <summary>The parameters that are trained, with their weight decay.</summary>
    public static IEnumerable<(string Name, Parameter Parameter, double Decay)> Of(MaskRcnnNetwork network, OptimizerConfiguration optimizer)
    {
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            // Weights of norms, and all biases, are vectors.
            bool exempt = !optimizer.DecayNormsAndBiases && parameter.dim() == 1;
            if (parameter.requires_grad)
                yield return (name, parameter, exempt ? 0 : optimizer.WeightDecay);
        }
    }

    private static string? StageOf(string name)
    {
        string[] parts = name.Split('.');
        return parts is ["backbone", "body", { } stage, ..] ? stage : null;
    }
}
