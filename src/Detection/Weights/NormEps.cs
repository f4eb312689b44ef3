using System.Globalization;
using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Detection.Weights;

/// <summary>
/// What is added to the variance of a batch norm, and why. Weight files do not say it: torchvision's published v1 files
/// were trained with 0, everything else with 1e-5. A wrong value costs accuracy without a word.
/// </summary>
/// <param name="Value">The number, 0 to 1.</param>
/// <param name="Reason">Where it is from.</param>
public sealed record NormEps(double Value, string Reason)
{
    private const double Usual = 1e-5;

    /// <summary>The hashes in the names of the published files.</summary>
    private static readonly string[] PublishedV1 =
        ["maskrcnn_resnet50_fpn_coco-bf2d0c1e", "fasterrcnn_resnet50_fpn_coco-258fb6c6", "keypointrcnn_resnet50_fpn_coco-fc266e95"];

    /// <summary>Chooses the number for a file without our own metadata.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hasOldNames">Whether its keys are those of a published v1 file.</param>
    /// <param name="chosen">The user's own choice, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The choice is not from 0 to 1.</exception>
    public static NormEps Choose(string path, bool hasOldNames, double? chosen)
    {
        if (chosen is { } value)
        {
            return value is >= 0 and <= 1
                ? new NormEps(value, "chosen by --bn-eps")
                : throw new ArgumentOutOfRangeException(nameof(chosen), value, "A norm's eps is from 0 to 1, such as 1e-5.");
        }
        if (hasOldNames) return new NormEps(0, "published torchvision v1 file (old key names)");
        string file = System.IO.Path.GetFileName(path);
        return PublishedV1.Any(hash => file.Contains(hash, StringComparison.OrdinalIgnoreCase))
            ? new NormEps(0, "published torchvision v1 file (the hash in its name)")
            : new NormEps(Usual, "the default; not a published torchvision v1 file");
    }

    /// <summary>The configuration with this number in each batch norm, frozen ones too.</summary>
    public ModelConfiguration ApplyTo(ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration with
        {
            Backbone = configuration.Backbone with { Norm = Apply(configuration.Backbone.Norm) },
            Fpn = configuration.Fpn with { Norm = Apply(configuration.Fpn.Norm) },
            BoxHead = configuration.BoxHead with { Norm = Apply(configuration.BoxHead.Norm) },
            MaskHead = configuration.MaskHead is { } mask ? mask with { Norm = Apply(mask.Norm) } : null,
        };
    }

    private NormConfiguration Apply(NormConfiguration norm) => norm.Kind is NormKind.Batch or NormKind.FrozenBatch ? norm with { Eps = Value } : norm;

    /// <inheritdoc/>
    public override string ToString() => $"{(Value == 0 ? "0" : Value.ToString("0.####e-0", CultureInfo.InvariantCulture))}: {Reason}";
}
