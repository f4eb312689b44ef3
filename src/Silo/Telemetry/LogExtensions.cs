using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace MaskRcnn.Silo.Telemetry;

/// <summary>The log of a silo, on its standard error.</summary>
internal static class LogExtensions
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Text a line, or with <see cref="TelemetrySettings.JsonLogs"/> a JSON document a line whose <c>State</c> has job, shard and attempt.</summary>
    public static void AddSiloLog(this ILoggingBuilder logging, TelemetrySettings settings)
    {
        if (settings.JsonLogs)
        {
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = Timestamp;
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = Timestamp + " ";
            });
        }
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning).AddFilter("MaskRcnn", LogLevel.Information)
            // It advises server garbage collection, which is not for a process a device, and mistakes a young process for a stuck one.
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
    }
}
