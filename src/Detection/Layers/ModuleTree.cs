using TorchSharp;

namespace MaskRcnn.Detection.Layers;

/// <summary>Registers modules under torchvision's names, whatever classes our code is made of.</summary>
internal static class ModuleTree
{
    /// <summary>Registers a module under a path such as <c>layer1.0.conv1</c>; the modules between are made where they are missing.</summary>
    public static TModule Add<TModule>(this torch.nn.Module owner, string path, TModule module)
        where TModule : torch.nn.Module
    {
        string[] parts = path.Split('.');
        foreach (string part in parts[..^1])
        {
            torch.nn.Module? child = owner.named_children().FirstOrDefault(c => c.name == part).module;
            if (child is null)
            {
                child = new Container();
                owner.register_module(part, child);
            }

            owner = child;
        }

        owner.register_module(parts[^1], module);
        return module;
    }

    private sealed class Container() : torch.nn.Module(nameof(Container));
}
