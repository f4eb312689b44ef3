using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary>What devices were held for, and what that costs.</summary>
internal static class DeviceTimeText
{
    private const double HourSeconds = 3600;

    /// <summary>The option of commands that show it.</summary>
    public static Option<double?> PriceOption() => NumberOption.Real("--price-per-hour", "What an hour of a device costs, in any currency: shows the cost.", 0, 1e9);

    /// <summary>Lines for people.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<DeviceTime> times, long images, double? pricePerHour)
    {
        foreach (DeviceTime time in times.Where(time => time.Total > 0))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{time.Device} {time.Total:N1} device-seconds: compute {Part(time.Compute)}, wait {Part(time.Wait)}, load {Part(time.Load)}, lost {Part(time.Lost)}");
            string Part(double seconds) => (seconds / time.Total).ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
        }
        double all = times.Sum(time => time.Total);
        if (!(all > 0)) yield break;
        yield return string.Create(CultureInfo.InvariantCulture, $"{images / all:N3} images per device-second");
        if (pricePerHour is { } price) yield return string.Create(CultureInfo.InvariantCulture, $"cost {all / HourSeconds * price:N2} at {price:0.####} an hour");
    }

    /// <summary>The same as a member <c>devices</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<DeviceTime> times, long images, double? pricePerHour)
    {
        double all = times.Sum(time => time.Total);
        json.WriteStartObject("devices");
        json.WriteNumber("seconds", all);
        if (all > 0) json.WriteNumber("imagesPerSecond", images / all);
        else json.WriteNull("imagesPerSecond");
        if (pricePerHour is { } price) json.WriteNumber("cost", all / HourSeconds * price);
        json.WriteStartArray("kinds");
        foreach (DeviceTime time in times)
        {
            json.WriteStartObject();
            json.WriteString("device", time.Device);
            json.WriteNumber("compute", time.Compute);
            json.WriteNumber("wait", time.Wait);
            json.WriteNumber("load", time.Load);
            json.WriteNumber("lost", time.Lost);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
