using System.Globalization;
using System.Text.Json;

namespace MaskRcnn.Client.Bench;

/// <summary>What <c>maskrcnn bench</c> measured: the run of median length.</summary>
/// <param name="SecondsPerImage">Its seconds, from decoded pixels to encoded masks.</param>
/// <param name="Stages">Its seconds, stage by stage.</param>
/// <param name="Height">Height of the resized image.</param>
/// <param name="Width">Width of the resized image.</param>
/// <param name="Proposals">Regions that the box branch saw.</param>
/// <param name="Detections">Detections, each with its mask.</param>
/// <param name="Threads">Threads that computed.</param>
internal sealed record BenchReport(double SecondsPerImage, IReadOnlyDictionary<string, double> Stages, int Height, int Width, int Proposals, int Detections, int Threads)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("secondsPerImage", SecondsPerImage);
        json.WriteStartObject("stages");
        foreach ((string name, double seconds) in Stages) json.WriteNumber(name, seconds);
        json.WriteEndObject();
        json.WriteString("inputSize", string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}"));
        json.WriteNumber("proposals", Proposals);
        json.WriteNumber("detections", Detections);
        json.WriteNumber("threads", Threads);
    }

    public void Write(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{SecondsPerImage * 1e3:F1} ms an image ({1 / SecondsPerImage:F2} images/s): {Height}x{Width}, {Proposals} proposals, {Detections} detections, {Threads} threads"));
        foreach ((string name, double seconds) in Stages)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-20}{seconds * 1e3,9:F1} ms  {seconds / SecondsPerImage,6:P1}"));
    }
}
