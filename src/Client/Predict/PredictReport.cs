using System.Globalization;
using System.Text.Json;

namespace MaskRcnn.Client.Predict;

/// <summary>What a run did.</summary>
/// <param name="Images">Images that were to be predicted on.</param>
/// <param name="Failed">Those that could not be; they are in <paramref name="Errors"/>.</param>
/// <param name="Skipped">Files that are no images.</param>
/// <param name="NotAnnotated">Images left out, as the ground truth does not name them.</param>
/// <param name="Detections">Objects found.</param>
/// <param name="Seconds">From the first image to the last, without loading the model.</param>
/// <param name="Results">The results file.</param>
/// <param name="Errors">The file of errors.</param>
/// <param name="Overlays">The folder of overlays, or null.</param>
internal sealed record PredictReport(int Images, int Failed, int Skipped, int NotAnnotated, long Detections, double Seconds, string Results, string Errors, string? Overlays)
{
    /// <summary>The evaluation, or null without ground truth.</summary>
    public PredictEvaluation? Evaluation { get; init; }

    private double ImagesPerSecond => (Images - Failed) / Math.Max(Seconds, 1e-9);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("images", Images);
        json.WriteNumber("failed", Failed);
        json.WriteNumber("skipped", Skipped);
        json.WriteNumber("notAnnotated", NotAnnotated);
        json.WriteNumber("detections", Detections);
        json.WriteNumber("seconds", Seconds);
        json.WriteNumber("imagesPerSecond", ImagesPerSecond);
        json.WriteString("results", Results);
        json.WriteString("errors", Errors);
        if (Evaluation is null) json.WriteNull("evaluation");
        else Evaluation.Write(json);
    }

    public void Write(TextWriter output)
    {
        string failed = Failed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {Failed:N0} failed (see {Errors})");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Images - Failed:N0} images in {Seconds:N1} s ({ImagesPerSecond:N2}/s): {Detections:N0} detections{failed}"));
        output.WriteLine($"Wrote {Results}");
        if (Overlays is not null) output.WriteLine($"Wrote {Overlays}");
        Evaluation?.Write(output);
    }
}
