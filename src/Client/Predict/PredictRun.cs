using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Inference;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Prediction;

namespace MaskRcnn.Client.Predict;

/// <summary>Runs the model over the images and writes what it finds, while it finds it.</summary>
internal sealed class PredictRun(LoadedModel model, PredictRequest request, PredictedImages images, CommandOutput output)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<int, string> _names = model.Categories.ToDictionary(pair => pair.Key, pair => pair.Value.Name);
    private readonly Dictionary<int, long> _categoryIds = model.Categories.ToDictionary(pair => pair.Key, pair => (long)pair.Value.Id);
    private readonly List<(ImageInput File, long Id, string Format, string Reason)> _errors = [];
    private readonly List<(int Width, int Height)?> _sizes = [];
    private long _detections;

    /// <summary>Writes the results; they are there whole or not at all.</summary>
    public PredictReport Run(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        RemoveEarlierOverlays();
        if (request.Overlay) Directory.CreateDirectory(request.OverlayFolder);
        AtomicFile.Write(request.ResultsFile, stream => WriteAll(stream, cancellationToken), cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        AtomicFile.Write(request.ImagesFile, WriteImages, cancellationToken);
        AtomicFile.Write(request.ErrorsFile, WriteErrors, cancellationToken);
        return new PredictReport(images.Images.Count, _errors.Count, images.Skipped, images.NotAnnotated.Count, _detections, seconds, request.ResultsFile, request.ErrorsFile, request.Overlay ? request.OverlayFolder : null);
    }

    /// <summary>Pictures of an earlier run would pass for those of this one.</summary>
    private void RemoveEarlierOverlays()
    {
        if (!Directory.Exists(request.OverlayFolder)) return;
        foreach (string picture in Directory.EnumerateFiles(request.OverlayFolder, "*.png", SearchOption.AllDirectories)) File.Delete(picture);
    }

    private void WriteAll(Stream stream, CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine(output.Error, "Images");
        var pipeline = new PredictionPipeline(model.Detector, request.Pipeline);
        IEnumerable<PredictionInput> inputs = images.Images.Select(image => new PredictionInput(image.File.RelativePath, () => File.ReadAllBytes(image.File.FullPath)));
        stream.WriteByte((byte)'[');
        pipeline.Run(inputs, Finish, finished =>
        {
            Write(stream, finished);
            progress.Report((_sizes.Count, images.Images.Count));
        }, cancellationToken);
        stream.Write("\n]\n"u8);
    }

    private void Write(Stream stream, Finished finished)
    {
        Prediction prediction = finished.Prediction;
        _sizes.Add(finished.Size);
        (ImageInput file, long id) = images.Images[prediction.Index];
        foreach (string warning in prediction.Warnings) output.Warn($"{file.RelativePath}: {warning}");
        if (prediction.Error is { } error)
        {
            ImageFormatException? format = error as ImageFormatException;
            // libtorch's messages have a stack of C++ below the first line.
            string reason = format?.Reason ?? error.Message.Split('\n')[0];
            _errors.Add((file, id, format?.Format?.ToString() ?? "", reason));
            output.Warn(format is null ? $"{file.RelativePath}: {reason}" : error.Message);
        }
        foreach (byte[] detection in finished.Detections)
        {
            stream.Write(_detections++ == 0 ? "\n"u8 : ",\n"u8);
            stream.Write(detection);
        }
    }

    /// <summary>On a thread of the pipeline: the detections as JSON, and the overlay. The pixels are let go.</summary>
    private Finished Finish(Prediction prediction)
    {
        (ImageInput file, long id) = images.Images[prediction.Index];
        if (prediction is not { Image: { } image, Detections: { } detections }) return new Finished(prediction, null, []);
        if (request.Overlay)
        {
            string path = Path.Combine(request.OverlayFolder, $"{file.RelativePath}.png");
            byte[] png = OverlayRenderer.RenderPng(image, detections, _names);
            AtomicFile.Write(path, stream => stream.Write(png));
        }
        return new Finished(prediction with { Image = null }, (image.Width, image.Height), DetectionJson.Lines(detections, id, _categoryIds));
    }

    private void WriteImages(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, Plain);
        json.WriteStartArray();
        for (int i = 0; i < images.Images.Count; i++)
        {
            (ImageInput file, long id) = images.Images[i];
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("path", file.RelativePath);
            if (_sizes[i] is { } size)
            {
                json.WriteNumber("width", size.Width);
                json.WriteNumber("height", size.Height);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteErrors(Stream stream)
    {
        foreach ((ImageInput file, long id, string format, string reason) in _errors)
        {
            using (var json = new Utf8JsonWriter(stream, Plain))
            {
                json.WriteStartObject();
                json.WriteNumber("image_id", id);
                json.WriteString("path", file.RelativePath);
                if (format.Length > 0) json.WriteString("format", format);
                json.WriteString("reason", reason);
                json.WriteEndObject();
            }
            stream.WriteByte((byte)'\n');
        }
    }

    /// <summary>An image's share of the results.</summary>
    private sealed record Finished(Prediction Prediction, (int Width, int Height)? Size, IReadOnlyList<byte[]> Detections);
}
