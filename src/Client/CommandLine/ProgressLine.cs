using System.Diagnostics;
using System.Globalization;

namespace MaskRcnn.Client.CommandLine;

/// <summary>One line on stderr that says how far the work is; silent where stderr is no terminal.</summary>
internal sealed class ProgressLine(TextWriter error, string what) : IProgress<(int Done, int Total)>, IDisposable
{
    private const double SecondsBetween = .1;

    private readonly LiveLine _line = new(error);
    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _last;

    public void Report((int Done, int Total) value)
    {
        if (!_line.IsVisible) return;
        lock (_lock)
        {
            if (_last != 0 && Stopwatch.GetElapsedTime(_last).TotalSeconds < SecondsBetween) return;
            _last = Stopwatch.GetTimestamp();
            double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            double rate = seconds > 0 ? value.Done / seconds : 0;
            string format = rate < 10 ? "N2" : "N0";
            string speed = rate > 0 ? $", {rate.ToString(format, CultureInfo.InvariantCulture)}/s, {TimeSpan.FromSeconds((value.Total - value.Done) / rate):hh\\:mm\\:ss} left" : "";
            _line.Show(string.Create(CultureInfo.InvariantCulture, $"{what} {value.Done:N0}/{value.Total:N0}{speed}"));
        }
    }

    public void Dispose() => _line.Clear();
}
