using System.Globalization;
using System.Text.Json;
using MaskRcnn.Samples.Files;
using MaskRcnn.Samples.Microscopy;
using MaskRcnn.Samples.Microscopy.Measurement;

namespace MaskRcnn.Client.Samples;

/// <summary>What <c>maskrcnn samples</c> made, as text and as JSON.</summary>
internal static class SamplesOutput
{
    private const int Digits = 4;

    public static void Write(TextWriter text, SampleFolder folder, SampleReport report)
    {
        Line($"Wrote {folder.Annotations}: {report.Images} images, {report.Nuclei} nuclei");
        Line($"  sizes     {string.Join(", ", report.Sizes.Select(s => $"{s.Images} of {s.Width}×{s.Height}"))}");
        Line($"  nuclei    {report.NucleiPerImage.Least:F0} to {report.NucleiPerImage.Most:F0} an image, {report.Diameter.Least:F0} to {report.Diameter.Most:F0} pixels across");
        Line($"  touching  {Share(report.Touching, report)}");
        Line($"  dim       {Share(report.Dim, report)} (contrast below 3 noise deviations)");

        void Line(FormattableString line) => text.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    public static void Write(Utf8JsonWriter json, string kind, MicroscopyOptions options, SampleFolder folder, SampleReport report)
    {
        json.WriteString("kind", kind);
        json.WriteNumber("seed", options.Seed);
        json.WriteString("imagesFolder", folder.Images);
        json.WriteString("annotations", folder.Annotations);
        json.WriteNumber("images", report.Images);
        json.WriteNumber("nuclei", report.Nuclei);
        json.WriteStartArray("sizes");
        foreach (SampleSize size in report.Sizes)
        {
            json.WriteStartObject();
            json.WriteNumber("width", size.Width);
            json.WriteNumber("height", size.Height);
            json.WriteNumber("images", size.Images);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteShare(json, "touching", report.Touching, report);
        WriteShare(json, "dim", report.Dim, report);
        WriteSpread(json, "nucleiPerImage", report.NucleiPerImage);
        WriteSpread(json, "diameter", report.Diameter);
        WriteSpread(json, "contrast", report.Contrast);
        WriteSpread(json, "noise", report.Noise);
        WriteSpread(json, "lightRange", report.LightRange);
        WriteSpread(json, "edgeSpill", report.EdgeSpill);
    }

    private static string Share(int part, SampleReport report) => string.Create(CultureInfo.InvariantCulture, $"{part} ({100.0 * part / report.Nuclei:F1} %)");

    private static void WriteShare(Utf8JsonWriter json, string name, int part, SampleReport report)
    {
        json.WriteStartObject(name);
        json.WriteNumber("nuclei", part);
        json.WriteNumber("share", Math.Round((double)part / report.Nuclei, Digits));
        json.WriteEndObject();
    }

    private static void WriteSpread(Utf8JsonWriter json, string name, Spread spread)
    {
        json.WriteStartObject(name);
        json.WriteNumber("least", Math.Round(spread.Least, Digits));
        json.WriteNumber("median", Math.Round(spread.Median, Digits));
        json.WriteNumber("most", Math.Round(spread.Most, Digits));
        json.WriteEndObject();
    }
}
