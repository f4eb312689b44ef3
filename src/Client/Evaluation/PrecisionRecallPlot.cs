using System.Globalization;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using ScottPlot;

namespace MaskRcnn.Client.Evaluation;

/// <summary>Precision over recall, one curve an IoU threshold, over all areas at the last limit on detections.</summary>
internal static class PrecisionRecallPlot
{
    private const string FontName = "Cantarell";
    private const int Width = 900, Height = 640;
    private const double TickEvery = .1;

    // Shipped, so that plots look the same on a machine without fonts.
    static PrecisionRecallPlot() => Fonts.AddFontFile(FontName, Path.Combine(AppContext.BaseDirectory, "Fonts", "Cantarell-Regular.otf"));

    /// <summary>Renders a PNG.</summary>
    /// <param name="what">What is shown, for the title.</param>
    /// <param name="result">The evaluation.</param>
    /// <param name="k">Index of a class, or null for the mean over the classes that have objects.</param>
    public static byte[] Render(string what, EvaluationResult result, int? k)
    {
        EvaluationParameters parameters = result.Parameters;
        using var plot = new Plot();
        double[] recalls = [.. parameters.RecallThresholds];
        var map = new ScottPlot.Colormaps.Viridis();
        int thresholds = parameters.IouThresholds.Length;
        for (int t = 0; t < thresholds; t++)
        {
            double[] precision = [.. recalls.Select((_, r) => MeanPrecision(result, t, r, k))];
            if (precision.All(p => p < 0)) continue;
            ScottPlot.Plottables.Scatter curve = plot.Add.ScatterLine(recalls, precision, map.GetColor(thresholds == 1 ? 0 : .92 * t / (thresholds - 1)));
            curve.LineWidth = 2;
            curve.LegendText = string.Create(CultureInfo.InvariantCulture, $"{Name(parameters)} {parameters.IouThresholds[t]:F2}   {precision.Average():F3}");
        }
        EvaluationSummary summary = k is { } one ? EvaluationSummary.OfClass(result, one) : EvaluationSummary.Of(result);
        string ap = summary.AveragePrecision < 0 ? "no AP" : string.Create(CultureInfo.InvariantCulture, $"AP {summary.AveragePrecision:F3}");
        plot.Title($"{what} ({parameters.IouType.ToString().ToLowerInvariant()}): {ap}", 20);
        plot.XLabel("recall", 16);
        plot.YLabel("precision", 16);
        plot.Axes.SetLimits(0, 1, 0, 1.02);
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericFixedInterval(TickEvery);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericFixedInterval(TickEvery);
        plot.Font.Set(FontName);
        plot.Legend.FontName = FontName;
        plot.Legend.SetBestFontOnEachRender = false;
        if (plot.GetPlottables().Any()) plot.ShowLegend(Edge.Right);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }

    private static string Name(EvaluationParameters parameters) => parameters.IouType == IouType.Keypoints ? "OKS" : "IoU";

    /// <summary>The mean precision over classes with objects; −1 if there are none.</summary>
    private static double MeanPrecision(EvaluationResult result, int t, int r, int? k)
    {
        int last = result.Parameters.MaxDetections.Length - 1;
        double sum = 0;
        int count = 0;
        for (int c = k ?? 0; c < (k is null ? result.ClassCount : k + 1); c++)
        {
            double precision = result.Precision[result.PrecisionIndex(t, r, c, 0, last)];
            if (precision < 0) continue;
            sum += precision;
            count++;
        }
        return count == 0 ? -1 : sum / count;
    }
}
