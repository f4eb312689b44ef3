using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Client.Model;

/// <summary>Options that the commands for model files have in common.</summary>
internal static class ModelOptions
{
    /// <summary>The architecture, by its preset's name.</summary>
    public static Option<string?> Architecture(string description)
    {
        var option = new Option<string?>("--arch") { Description = description, HelpName = "NAME" };
        option.AcceptOnlyFromAmong([.. ModelPresets.Names]);
        return option;
    }

    /// <summary>The norm's eps.</summary>
    public static Option<double?> NormEps()
    {
        Option<double?> option = ListOption.Double("--bn-eps", "What batch norms add to the variance. [default: 0 for torchvision's published v1 files, else 1e-5]", "X");
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } eps and (< 0 or > 1)) result.AddError($"--bn-eps {eps} is not from 0 to 1; expected one such as 1e-5.");
        });
        return option;
    }

    /// <summary>The configuration of <c>--arch</c>, or null when it is not given.</summary>
    public static ModelConfiguration? Preset(string? name) => name is null ? null : ModelPresets.Get(name);
}
