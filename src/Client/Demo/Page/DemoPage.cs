using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;

namespace MaskRcnn.Client.Demo.Page;

/// <summary>
/// The page of a demo: the numbers, then each image's overlays. It needs nothing but the pictures beside it: no script, no font,
/// nothing from elsewhere.
/// </summary>
internal static class DemoPage
{
    public static void Write(Stream stream, DemoReport report)
    {
        using var page = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        page.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>maskrcnn demo: nuclei in {report.Images.Count} images</title>
            <style>
            {DemoPageStyle.Css}
            </style>
            </head>
            <body>
            <a class="skip" href="#images">Skip to the images</a>

            """);
        Header(page, report);
        page.WriteLine("<main id=\"images\">");
        foreach (DemoImage image in report.Images) Article(page, image);
        page.WriteLine("</main>");
        page.WriteLine($"<footer>Made by <code>maskrcnn demo --count {Number(report.Options.Count)} --seed {Number(report.Options.Seed)}</code>. <a href=\"#top\">To the top</a></footer>");
        page.WriteLine("</body>\n</html>");
    }

    private static void Header(TextWriter page, DemoReport report)
    {
        DemoScores scores = report.Scores;
        page.WriteLine("<header id=\"top\">");
        page.WriteLine($"<h1>Nuclei in {Number(report.Images.Count)} images</h1>");
        page.WriteLine($"<p class=\"lead\">Microscope images that were made on the spot, so that the ground truth is exact, went through a job on a cluster of {Number(report.Workers.Count)} workers. The model is <code>{Text(Path.GetFileName(report.Options.Model))}</code>.</p>");
        page.WriteLine("<div class=\"numbers\">");
        Table(page, scores);
        page.WriteLine("<dl>");
        Item(page, "found", $"{Number(scores.Instances.TruePositives)}", $"of {Number(report.Samples.Nuclei)} nuclei found");
        Item(page, "missed", Number(scores.Instances.FalseNegatives), "missed");
        Item(page, "false", Number(scores.Instances.FalsePositives), "false alarms");
        Item(page, "", scores.Instances.Score.ToString("P0", CultureInfo.InvariantCulture), "found / (found + missed + false)");
        page.WriteLine("</dl>\n</div>");
        Reading(page, report);
        page.WriteLine("</header>");
    }

    private static void Table(TextWriter page, DemoScores scores)
    {
        page.WriteLine("<div>\n<table>\n<caption>Average precision (COCO)</caption>");
        page.WriteLine($"<thead><tr><td></td>{string.Concat(DemoScores.Shown.Select(key => $"<th scope=\"col\">{key}</th>"))}</tr></thead>\n<tbody>");
        foreach ((IouType type, EvaluationSummary summary) in scores.Types)
            page.WriteLine($"<tr><th scope=\"row\">{DemoReport.Name(type)}</th>{string.Concat(DemoScores.Shown.Select(key => $"<td>{DemoReport.Number(summary.Lines.First(line => line.Key == key).Value)}</td>"))}</tr>");
        page.WriteLine("</tbody>\n</table>\n</div>");
    }

    private static void Reading(TextWriter page, DemoReport report)
    {
        DemoImage best = report.Images.MaxBy(image => image.Counts.Score)!, worst = report.Images.MinBy(image => image.Counts.Score)!;
        page.WriteLine($"<p>Images are in the order of their names{(best == worst ? "" : $"; the best is {Link(best)}, the worst {Link(worst)}")}. Of each pair the first picture shows what was found with a score of 0.5 or more, the second the ground truth; colours only tell neighbours apart. A nucleus counts as found if a mask of its own covers it with an IoU of 0.5 or more; dashed white outlines are false alarms in the first and missed nuclei in the second. Pictures are brightened for the eye: the model saw the <a href=\"images/\">images as they are</a>. Up to {Number(DemoOptions.MostDetections)} finds an image count in AP.</p>");
        page.WriteLine("<p>Beside this page: <a href=\"annotations.json\">annotations.json</a>, the ground truth; <a href=\"result/report.md\">report.md</a>, <a href=\"result/detections.json\">detections.json</a> and <a href=\"result/masks.tar\">masks.tar</a>, the job's result.</p>");
    }

    private static void Article(TextWriter page, DemoImage image)
    {
        DemoCounts counts = image.Counts;
        string name = Text(image.Name), counted = $"{Number(counts.Matches)} of {Number(counts.Objects)} nuclei found";
        string finds = Number(counts.Matches + counts.FalseAlarms), size = $"width=\"{Number(image.Width)}\" height=\"{Number(image.Height)}\"";
        page.WriteLine($"<article id=\"{Id(image)}\">");
        page.WriteLine($"<h2>{name} <small>{Number(image.Width)} × {Number(image.Height)}</small></h2>");
        page.WriteLine($"<p class=\"counts\"><b class=\"found\">{counted}</b>, <span class=\"missed\">{Number(counts.Misses)} missed</span>, <span class=\"false\">{Number(counts.FalseAlarms)} false {(counts.FalseAlarms == 1 ? "alarm" : "alarms")}</span></p>");
        page.WriteLine($"<div class=\"bar\" aria-hidden=\"true\"><i class=\"found\" style=\"flex-grow:{Number(counts.Matches)}\"></i><i class=\"missed\" style=\"flex-grow:{Number(counts.Misses)}\"></i><i class=\"false\" style=\"flex-grow:{Number(counts.FalseAlarms)}\"></i></div>");
        page.WriteLine("<div class=\"pair\">");
        page.WriteLine($"<figure><a href=\"{Text(image.Found)}\"><img src=\"{Text(image.Found)}\" {size} loading=\"lazy\" alt=\"{name} with {finds} finds outlined\"></a><figcaption>Found: {finds}</figcaption></figure>");
        page.WriteLine($"<figure><a href=\"{Text(image.Truth)}\"><img src=\"{Text(image.Truth)}\" {size} loading=\"lazy\" alt=\"{name} with the {Number(counts.Objects)} nuclei of the ground truth outlined\"></a><figcaption>Ground truth: {Number(counts.Objects)}</figcaption></figure>");
        page.WriteLine("</div>\n</article>");
    }

    private static void Item(TextWriter page, string kind, string value, string what) => page.WriteLine($"<div><dt>{what}</dt><dd class=\"{kind}\">{value}</dd></div>");

    private static string Link(DemoImage image) => $"<a href=\"#{Id(image)}\">{Text(image.Name)}</a> ({image.Counts.Score.ToString("P0", CultureInfo.InvariantCulture)})";

    private static string Id(DemoImage image) => Text(Path.GetFileNameWithoutExtension(image.Name));

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
