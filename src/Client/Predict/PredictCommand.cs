using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Inference;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Prediction;

namespace MaskRcnn.Client.Predict;

/// <summary><c>maskrcnn predict</c>: a model on images.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new InferenceOptions(proceduralWeights: false);
        var inputs = new Option<string[]>("--input", "-i") { Description = "Images, folders (with their subfolders) or patterns such as 'photos/**/*.jpg'.", HelpName = "PATH", Required = true, AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--output", "-o") { Description = "The folder to write to.", HelpName = "DIR", Required = true };
        var annotations = new Option<string?>("--annotations") { Description = "COCO ground truth: gives the images their ids, and the results are evaluated.", HelpName = "FILE" };
        Option<long?> batchSize = NumberOption.Whole("--batch-size", "Images given to the model at once; on a CPU 1 is fastest. [default: 1]", 1, 1024);
        var overlay = new Option<bool>("--overlay") { Description = "Also write overlays/*.png: the images with what was found." };
        var exif = new Option<bool>("--exif-orientation") { Description = "Turn images as their EXIF data say. [default: as they are stored, like torchvision]" };
        var stretch = new Option<bool>("--stretch") { Description = "16-bit images: stretch the range from the 0.1st to the 99.9th percentile." };
        Option<long?> pixels = NumberOption.Whole("--max-pixels", "Images with more pixels are errors. [default: 200 million]", 1, ImageDecodeOptions.MostPixels);
        Option<bool> overwrite = CommandConventions.Overwrite();
        var command = new Command("predict", "Find objects in images: boxes, masks, keypoints.");
        foreach (Option option in (Option[])[.. model.All, inputs, output, annotations, batchSize, overlay, exif, stretch, pixels, overwrite]) command.Add(option);
        return command.Does("maskrcnn predict --model model.safetensors --input photos --output found --overlay", (arguments, console, cancellation) =>
        {
            var decoding = new ImageDecodeOptions { ApplyOrientation = arguments.GetValue(exif), Stretch = arguments.GetValue(stretch) };
            if (arguments.GetValue(pixels) is { } most) decoding = decoding with { MaxPixels = most };
            var request = new PredictRequest
            {
                Output = arguments.GetRequiredValue(output),
                Annotations = arguments.GetValue(annotations),
                Overlay = arguments.GetValue(overlay),
                Pipeline = new PredictionOptions { BatchSize = (int)(arguments.GetValue(batchSize) ?? 1), Decoding = decoding },
            };
            // All that can be wrong is found before the model is loaded.
            request.CheckFree(arguments.GetValue(overwrite));
            PredictedImages images = PredictedImages.Find(arguments.GetRequiredValue(inputs), request.Output, request.Annotations, cancellation);
            images.Warn(console);
            using LoadedModel loaded = model.Load(arguments, console);
            PredictReport report = new PredictRun(loaded, request, images, console).Run(cancellation);
            report = report with { Evaluation = PredictEvaluation.Run(loaded.Detector.Configuration, request, images, console, cancellation) };
            if (console.Json) console.WriteJson(json => report.Write(json));
            else report.Write(console.Out);
            return report.Failed == 0 ? ExitCode.Ok : report.Failed < report.Images ? ExitCode.Partial : ExitCode.Error;
        });
    }
}
