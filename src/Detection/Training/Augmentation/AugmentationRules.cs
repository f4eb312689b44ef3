using MaskRcnn.Detection.Configuration;
using static MaskRcnn.Detection.Configuration.RuleList;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>What the settings of the augmentation have to fulfil.</summary>
internal static class AugmentationRules
{
    private const int MostPixels = 1 << 14;

    /// <summary>Every problem; none when they are valid.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="keypoints">Keypoints of the model's head; null without one.</param>
    /// <param name="path">What messages put before a setting's name.</param>
    public static IReadOnlyList<string> Problems(AugmentationConfiguration settings, int? keypoints = null, string path = "augmentation.")
    {
        RuleList rules = new();
        Geometry(rules, settings, path);
        Pairs(rules, settings.KeypointPairs, keypoints, path + "keypoint_pairs");
        rules.Range(path + "copy_paste", settings.CopyPaste, 0, 1);
        rules.Whole(path + "copy_paste_most", settings.CopyPasteMost, 1, 1 << 20);
        Color(rules, settings, path);
        return rules.Problems;
    }

    /// <exception cref="ArgumentException">A setting is not valid; the message lists every problem.</exception>
    public static void Check(AugmentationConfiguration settings, int? keypoints = null)
    {
        IReadOnlyList<string> problems = Problems(settings, keypoints);
        if (problems.Count > 0) throw new ArgumentException($"The augmentation's settings are not valid: {string.Join("; ", problems)}.", nameof(settings));
    }

    private static void Geometry(RuleList rules, AugmentationConfiguration settings, string path)
    {
        rules.Range(path + "horizontal_flip", settings.HorizontalFlip, 0, 1);
        rules.Range(path + "vertical_flip", settings.VerticalFlip, 0, 1);
        rules.Range(path + "quarter_turns", settings.QuarterTurns, 0, 1);
        rules.Whole(path + "crop", settings.Crop, 0, MostPixels);
        rules.Defined(path + "crop_fill", settings.CropFill);
        rules.Range(path + "crop_on_object", settings.CropOnObject, 0, 1);
        rules.Whole(path + "shorter_side", settings.ShorterSide, 0, MostPixels);
        rules.Range(path + "scale_low", settings.ScaleLow, 0.01, 100);
        rules.Range(path + "scale_high", settings.ScaleHigh, 0.01, 100);
        rules.Require(settings.ScaleLow <= settings.ScaleHigh, Text($"{path}scale_low is {settings.ScaleLow} and {path}scale_high {settings.ScaleHigh}; expected the first not to be larger"));
        bool scaled = settings.ShorterSide != 0 || settings.ScaleLow != 1 || settings.ScaleHigh != 1;
        rules.Require(settings.Crop > 0 || !scaled, $"{path}crop is 0 where images are scaled; expected a window's side: without one the model's own resize would undo the scale");
        rules.Range(path + "keep_share", settings.KeepShare, 0, 1);
    }

    private static void Pairs(RuleList rules, IReadOnlyList<IReadOnlyList<int>>? pairs, int? keypoints, string name)
    {
        if (pairs is null) return;
        HashSet<int> seen = [];
        for (int i = 0; i < pairs.Count; i++)
        {
            rules.Require(pairs[i].Count == 2, Text($"{name}[{i}] has {pairs[i].Count} numbers; expected 2"));
            rules.Items(Text($"{name}[{i}]"), pairs[i], 0, (keypoints ?? 10_000) - 1);
            foreach (int keypoint in pairs[i]) rules.Require(seen.Add(keypoint), Text($"{name}[{i}] has keypoint {keypoint} a second time; expected each in one pair"));
        }
    }

    private static void Color(RuleList rules, AugmentationConfiguration settings, string path)
    {
        rules.Range(path + "color_probability", settings.ColorProbability, 0, 1);
        rules.Range(path + "brightness", settings.Brightness, 0, 1);
        rules.Range(path + "contrast", settings.Contrast, 0, 1);
        rules.Range(path + "saturation", settings.Saturation, 0, 1);
        rules.Range(path + "hue", settings.Hue, 0, 0.5);
        rules.Range(path + "gamma", settings.Gamma, 0, 4);
        rules.Range(path + "invert", settings.Invert, 0, 1);
        rules.Range(path + "grey", settings.Grey, 0, 1);
        rules.Range(path + "blur_probability", settings.BlurProbability, 0, 1);
        rules.Range(path + "blur", settings.Blur, 0.1, 10);
        rules.Range(path + "noise_probability", settings.NoiseProbability, 0, 1);
        rules.Range(path + "noise", settings.Noise, 0, 100);
    }
}
