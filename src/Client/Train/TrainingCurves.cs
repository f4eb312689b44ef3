using System.Globalization;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Training.Checkpoints;
using ScottPlot;

namespace MaskRcnn.Client.Train;

/// <summary><c>curves.png</c>: losses, learning rate, AP over the steps.</summary>
internal static class TrainingCurves
{
    /// <summary>Its name in the run's folder.</summary>
    public const string FileName = "curves.png";

    private const string FontName = "Cantarell";
    private const int Width = 1000, Height = 1100;

    /// <summary>A loss is smoothed over one of so many parts of the run, and over at least so many steps; a line has at most so many points.</summary>
    private const int SmoothingParts = 40, LeastWindow = 9, MostPoints = 2000;

    /// <summary>Losses are drawn up to so many times the largest of the smoothed sum, the first part of the run left out: it begins high.</summary>
    private const double Headroom = 1.5, FirstPart = .05;

    private static readonly Color[] Colors = [.. "#1f77b4 #d62728 #2ca02c #9467bd #ff7f0e #17becf #8c564b".Split(' ').Select(Color.FromHex)];

    // Shipped, so that plots look the same on a machine without fonts.
    static TrainingCurves() => Fonts.AddFontFile(FontName, Path.Combine(AppContext.BaseDirectory, "Fonts", "Cantarell-Regular.otf"));

    /// <summary>Draws the metrics of a run so far.</summary>
    public static void Write(RunFolder folder)
    {
        byte[] png = Render(MetricsLog.Read(folder.Metrics));
        AtomicFile.Write(folder.In(FileName), stream => stream.Write(png));
    }

    internal static byte[] Render(MetricsLog log)
    {
        Multiplot all = new();
        all.AddPlots(3);
        double last = Math.Max(1, Math.Max(log.Steps.DefaultIfEmpty(0).Max(), log.Evaluations.Values.SelectMany(e => e).Select(e => e.Step).DefaultIfEmpty(0).Max()));
        DrawLosses(all.GetPlot(0), log);
        DrawScores(all.GetPlot(1), log);
        DrawRate(all.GetPlot(2), log);
        foreach (Plot plot in all.GetPlots()) Finish(plot, last);
        all.GetPlot(2).XLabel("step", 15);
        ((ScottPlot.MultiplotLayouts.DraggableRows)(all.Layout = new ScottPlot.MultiplotLayouts.DraggableRows())).SetHeights([Height * .46f, Height * .32f, Height * .22f]);
        return all.Render(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    private static void DrawLosses(Plot plot, MetricsLog log)
    {
        plot.Title("losses, smoothed", 17);
        int window = Math.Max(LeastWindow, log.Steps.Count / SmoothingParts);
        double most = 0;
        foreach (((string name, List<double> values), int i) in log.Losses.Select((loss, i) => (loss, i)))
        {
            double[] smooth = MetricsLog.Smoothed(values, window);
            bool total = name == "loss";
            if (total) Line(plot, log.Steps, values, Colors[i].WithAlpha(.25), 1);
            ScottPlot.Plottables.Scatter line = Line(plot, log.Steps, smooth, Colors[i % Colors.Length], total ? 3 : 2);
            line.LegendText = string.Create(CultureInfo.InvariantCulture, $"{(total ? "sum" : name["loss_".Length..])}   {values.TakeLast(window).Average():F3}");
            most = Math.Max(most, smooth.Skip((int)(FirstPart * smooth.Length)).Max());
        }

        plot.Axes.SetLimitsY(0, most > 0 ? most * Headroom : 1);
    }

    private static void DrawScores(Plot plot, MetricsLog log)
    {
        plot.Title(log.Evaluations.Count == 0 ? "average precision: no evaluation yet" : "average precision on the validation", 17);
        double most = 0;
        foreach (((string kind, List<(double Step, double Ap, double Ap50)> scores), int i) in log.Evaluations.Select((scores, i) => (scores, i)))
        {
            double[] steps = [.. scores.Select(score => score.Step)];
            Add("AP", [.. scores.Select(score => score.Ap)], Colors[i]);
            Add("AP50", [.. scores.Select(score => score.Ap50)], Colors[i].WithAlpha(.45));

            void Add(string name, double[] values, Color color)
            {
                ScottPlot.Plottables.Scatter line = plot.Add.Scatter(steps, values, color);
                line.LineWidth = 2;
                line.MarkerSize = 6;
                line.LegendText = string.Create(CultureInfo.InvariantCulture, $"{kind} {name}   {values[^1]:F3}");
                most = Math.Max(most, values.Max());
            }
        }

        plot.Axes.SetLimitsY(0, Math.Min(1.02, Math.Max(.1, most * 1.15)));
    }

    private static void DrawRate(Plot plot, MetricsLog log)
    {
        plot.Title("learning rate", 17);
        Line(plot, log.Steps, log.LearningRates, Colors[0], 2);
        plot.Axes.SetLimitsY(0, log.LearningRates.DefaultIfEmpty(1).Max() * 1.1);
    }

    private static ScottPlot.Plottables.Scatter Line(Plot plot, IReadOnlyList<double> steps, IReadOnlyList<double> values, Color color, float width)
    {
        int every = Math.Max(1, steps.Count / MostPoints);
        int[] places = [.. Enumerable.Range(0, steps.Count).Where(i => i % every == 0 || i == steps.Count - 1)];
        ScottPlot.Plottables.Scatter line = plot.Add.ScatterLine(places.Select(i => steps[i]).ToArray(), places.Select(i => values[i]).ToArray(), color);
        line.LineWidth = width;
        return line;
    }

    private static void Finish(Plot plot, double last)
    {
        plot.Axes.SetLimitsX(0, last);
        plot.Font.Set(FontName);
        plot.Legend.FontName = FontName;
        plot.Legend.SetBestFontOnEachRender = false;
        // All three begin and end at the same places, so that steps stand below each other.
        plot.Layout.Fixed(new PixelPadding(75, 190, 45, 40));
        if (plot.GetPlottables().OfType<ScottPlot.Plottables.Scatter>().Any(line => line.LegendText.Length > 0)) plot.ShowLegend(Edge.Right);
    }
}
