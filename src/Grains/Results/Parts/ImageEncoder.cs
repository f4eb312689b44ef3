using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using MaskRcnn.Coco.Formats.LabelMap;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>Makes of what the model found in an image the bytes that its shard's parts hold. May be called by many threads.</summary>
public sealed class ImageEncoder
{
    private readonly Dictionary<int, (long Id, JsonEncodedText Name)> _categories = [];
    private readonly bool _png;
    private readonly bool _thumbnails;

    /// <summary>An encoder for one job.</summary>
    /// <param name="job">The job: its categories, and whether it wants masks as PNG and thumbnails.</param>
    public ImageEncoder(JobDocument job)
    {
        ArgumentNullException.ThrowIfNull(job);
        foreach (CategoryDocument category in job.Categories)
            _categories.Add(category.Label, (category.Id, JsonEncodedText.Encode(category.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)));
        _png = job.Specification.Png && job.Model.IouTypes.Contains("segm");
        _thumbnails = job.Specification.Thumbnails;
    }

    /// <summary>An image with a result. If its numbers cannot be written (one is not finite), it becomes an error.</summary>
    /// <param name="image">The image.</param>
    /// <param name="shard">Its shard.</param>
    /// <param name="detections">What was found, best score first.</param>
    /// <param name="pixels">The decoded image, for the thumbnail; null for none.</param>
    /// <param name="timings">How long it took until now.</param>
    /// <exception cref="ArgumentException">A label has no category, or a mask has another size than the image.</exception>
    public EncodedImage Encode(ListedImage image, ShardRange shard, ImageDetections detections, RgbImage? pixels, ImageTimings timings)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(detections);
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<DetectedInstance> instances = detections.Instances;
        foreach (DetectedInstance instance in instances)
        {
            if (!InstanceJson.IsFinite(instance)) return Failed(image, ImageErrors.NotFinite(image, shard), timings);
        }
        (byte[] json, byte[] lines) = Texts(image, detections);
        return new EncodedImage
        {
            Image = image,
            Width = detections.Width,
            Height = detections.Height,
            Json = json,
            Detections = lines,
            Png = _png ? LabelMapPng.Encode(detections.Width, detections.Height, [.. instances.Select(instance => instance.Mask)]) : [],
            Thumbnail = _thumbnails && pixels is not null ? Thumbnail.ToJpeg(pixels) : [],
            Instances = instances.Count,
            BestScore = instances.Count > 0 ? instances[0].Score : null,
            Timings = timings with { EncodeMs = timings.EncodeMs + Stopwatch.GetElapsedTime(start).TotalMilliseconds },
        };
    }

    /// <summary>An image without a result.</summary>
    /// <param name="image">The image.</param>
    /// <param name="error">Why.</param>
    /// <param name="timings">How long it took until now.</param>
    public static EncodedImage Failed(ListedImage image, ImageError error, ImageTimings timings) => new() { Image = image, Error = error, Timings = timings };

    private (byte[] Json, byte[] Lines) Texts(ListedImage image, ImageDetections detections)
    {
        EncoderScratch scratch = EncoderScratch.OfThread;
        IReadOnlyList<DetectedInstance> instances = detections.Instances;
        var counts = instances.Count == 0 ? [] : new string?[instances.Count];
        for (int i = 0; i < counts.Length; i++) counts[i] = instances[i].Mask?.ToCompressed();

        Utf8JsonWriter json = scratch.Relaxed();
        json.WriteStartObject();
        json.WriteString("image"u8, image.Name);
        if (image.Id is { } number) json.WriteNumber("id"u8, number);
        else json.WriteNull("id"u8);
        json.WriteNumber("width"u8, detections.Width);
        json.WriteNumber("height"u8, detections.Height);
        json.WriteStartArray("instances"u8);
        for (int i = 0; i < counts.Length; i++)
        {
            (long category, JsonEncodedText name) = Category(instances[i].Label);
            json.WriteStartObject();
            json.WriteNumber("category_id"u8, category);
            json.WriteString("category"u8, name);
            InstanceJson.Write(json, instances[i], counts[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        scratch.Buffer.Write("\n"u8);
        byte[] text = scratch.Take();
        if (image.Id is not { } id || counts.Length == 0) return (text, []);

        for (int i = 0; i < counts.Length; i++)
        {
            if (i > 0) scratch.Buffer.Write(",\n"u8);
            json = scratch.Plain();
            json.WriteStartObject();
            json.WriteNumber("image_id"u8, id);
            json.WriteNumber("category_id"u8, Category(instances[i].Label).Id);
            InstanceJson.Write(json, instances[i], counts[i]);
            json.WriteEndObject();
            json.Flush();
        }
        return (text, scratch.Take());
    }

    private (long Id, JsonEncodedText Name) Category(int label) => _categories.TryGetValue(label, out (long, JsonEncodedText) category)
        ? category
        : throw new ArgumentException($"The model found label {label}, for which job.json has no category; expected one of {string.Join(", ", _categories.Keys)}.", nameof(label));
}
