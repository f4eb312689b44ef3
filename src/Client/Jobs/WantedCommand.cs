using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Dispatch;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn worker wanted</c>.</summary>
internal static class WantedCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        var pool = new Option<string?>("--pool") { Description = "One pool. [default: all that have a worker or a job]", HelpName = "NAME" };
        var command = new Command("wanted", "Say how many workers pools should have, and why.") { pool };
        return command.DoesOnCluster(connect, "maskrcnn worker wanted", async (arguments, output, client, cancellation) =>
        {
            IReadOnlyList<ScalingSignal> signals = await client.GetScalingAsync(arguments.GetValue(pool), cancellation);
            if (output.Json) output.WriteJson(json => Write(json, signals));
            else Write(output, signals);
            return ExitCode.Ok;
        });
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ScalingSignal> signals)
    {
        json.WriteStartArray("pools");
        foreach (ScalingSignal signal in signals)
        {
            json.WriteStartObject();
            json.WriteString("pool", signal.Pool);
            json.WriteNumber("wanted", signal.Wanted);
            json.WriteNumber("busy", signal.Busy);
            json.WriteNumber("workers", signal.Workers);
            json.WriteNumber("deviceSecondsLeft", signal.DeviceSecondsLeft);
            json.WriteString("reason", signal.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(CommandOutput output, IReadOnlyList<ScalingSignal> signals)
    {
        if (signals.Count == 0)
        {
            output.Out.WriteLine("No worker is connected, and no job is open.");
            return;
        }
        foreach (ScalingSignal signal in signals)
        {
            output.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{PlainText.WithoutControls(signal.Pool)}: {signal.Wanted:N0} wanted, {signal.Busy:N0} of {signal.Workers:N0} busy, {signal.DeviceSecondsLeft:N0} device-seconds left"));
            output.Out.WriteLine($"  {PlainText.WithoutControls(signal.Reason)}");
        }
    }
}
