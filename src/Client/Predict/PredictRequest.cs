using MaskRcnn.Client.CommandLine;
using MaskRcnn.Detection.Prediction;

namespace MaskRcnn.Client.Predict;

/// <summary>What <c>maskrcnn predict</c> was asked for.</summary>
internal sealed record PredictRequest
{
    public required string Output { get; init; }

    public required string? Annotations { get; init; }

    public required bool Overlay { get; init; }

    public required PredictionOptions Pipeline { get; init; }

    /// <summary>The detections, in COCO's results format.</summary>
    public string ResultsFile => Path.Combine(Output, "results.json");

    /// <summary>One line an image that could not be predicted on.</summary>
    public string ErrorsFile => Path.Combine(Output, "errors.jsonl");

    /// <summary>Which image has which id.</summary>
    public string ImagesFile => Path.Combine(Output, "images.json");

    /// <summary>The images with what was found.</summary>
    public string OverlayFolder => Path.Combine(Output, "overlays");

    /// <summary>Checks that nothing is in the way.</summary>
    /// <exception cref="CommandException">An earlier result is there, and is not to be replaced.</exception>
    public void CheckFree(bool overwrite)
    {
        if (File.Exists(Output)) throw CommandException.Usage($"--output {Output} is a file; expected a folder.");
        foreach (string path in (string[])[ResultsFile, ErrorsFile, ImagesFile, OverlayFolder]) OutputPath.CheckFree(path, overwrite);
    }
}
