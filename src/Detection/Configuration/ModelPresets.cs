namespace MaskRcnn.Detection.Configuration;

/// <summary>
/// The named architectures: <c>maskrcnn_resnet50_fpn</c> and its like. <c>maskrcnn_</c>, <c>fasterrcnn_</c> and
/// <c>keypointrcnn_</c> exist for ResNet-18, -34, -50, -101 and -152; the first two also as <c>…_fpn_v2</c>.
/// Keys, shapes and defaults are torchvision's.
/// </summary>
public static class ModelPresets
{
    private static readonly int[] Depths = [18, 34, 50, 101, 152];

    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Depths.Select(depth => $"maskrcnn_resnet{depth}_fpn"),
        .. Depths.Select(depth => $"maskrcnn_resnet{depth}_fpn_v2"),
        .. Depths.Select(depth => $"fasterrcnn_resnet{depth}_fpn"),
        .. Depths.Select(depth => $"fasterrcnn_resnet{depth}_fpn_v2"),
        .. Depths.Select(depth => $"keypointrcnn_resnet{depth}_fpn"),
    ];

    /// <summary>The configuration of a name, with COCO's classes.</summary>
    /// <exception cref="ArgumentException">There is no such name; the message lists those that exist.</exception>
    public static ModelConfiguration Get(string name)
    {
        if (!Names.Contains(name))
            throw new ArgumentException($"There is no architecture '{name}'; expected one of: {string.Join(", ", Names)}.", nameof(name));
        bool v2 = name.EndsWith("_v2", StringComparison.Ordinal);
        int depth = Depths.Single(d => name.Contains($"resnet{d}_", StringComparison.Ordinal));
        ModelConfiguration model = v2 ? Version2(depth) : new ModelConfiguration { Backbone = ResNet(depth) };
        model = model with { Name = name, Categories = CocoCategories.Things };
        return name.Split('_')[0] switch
        {
            "maskrcnn" => model,
            "fasterrcnn" => model with { MaskHead = null },
            _ => model with
            {
                MaskHead = null,
                KeypointHead = new(),
                Classes = 2,
                Categories = CocoCategories.Persons,
                Transform = model.Transform with { MinSizes = [640, 672, 704, 736, 768, 800] },
            },
        };
    }

    /// <summary>The ResNet of a depth.</summary>
    /// <param name="depth">18, 34, 50, 101 or 152.</param>
    public static BackboneConfiguration ResNet(int depth) => depth switch
    {
        18 => BasicResNet([2, 2, 2, 2]),
        34 => BasicResNet([3, 4, 6, 3]),
        50 => new BackboneConfiguration(),
        101 => new BackboneConfiguration { StageBlocks = [3, 4, 23, 3] },
        152 => new BackboneConfiguration { StageBlocks = [3, 8, 36, 3] },
        _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, "There is no such ResNet; expected 18, 34, 50, 101 or 152."),
    };

    private static BackboneConfiguration BasicResNet(int[] blocks) => new()
    {
        Block = ResidualBlock.Basic,
        StageBlocks = blocks,
        StageWidths = [64, 128, 256, 512],
    };

    /// <summary>torchvision's v2: batch norm everywhere, two RPN convolutions, a box head with convolutions.</summary>
    private static ModelConfiguration Version2(int depth)
    {
        NormConfiguration batch = new() { Kind = NormKind.Batch };
        return new ModelConfiguration
        {
            Backbone = ResNet(depth) with { Norm = batch },
            Fpn = new() { Norm = batch },
            Rpn = new() { Convolutions = 2 },
            BoxHead = new() { Kind = BoxHeadKind.V2, ConvolutionWidths = [256, 256, 256, 256], Norm = batch },
            MaskHead = new() { Norm = batch },
        };
    }
}
