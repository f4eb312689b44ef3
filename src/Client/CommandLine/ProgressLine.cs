using System.Diagnostics;
using System.Globalization;

namespace MaskRcnn.Client.CommandLine;

/// <summary>One line on stderr that says how far the work is; silent where stderr is no terminal.</summary>
internal sealed class ProgressLine(TextWriter error, string what) : IProgress<(int Done, int Total)>, IDisposable
{
    private const double SecondsBetween = .1;

    private readonly bool _visible = !Console.IsErrorRedirected && ReferenceEquals(error, Console.Error);
    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _last;
    private int _length;

    public void Report((int Done, int Total) value)
    {
        if (!_visible) return;
        lock (_lock)
        {
            if (_last != 0 && Stopwatch.GetElapsedTime(_last).TotalSeconds < SecondsBetween) return;
            _last = Stopwatch.GetTimestamp();
            double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            double rate = seconds > 0 ? value.Done / seconds : 0;
            string format = rate < 10 ? "N2" : "N0";
            string speed = rate > 0 ? $", {rate.ToString(format, CultureInfo.InvariantCulture)}/s, {TimeSpan.FromSeconds((value.Total - value.Done) / rate):hh\\:mm\\:ss} left" : "";
            Show(string.Create(CultureInfo.InvariantCulture, $"{what} {value.Done:N0}/{value.Total:N0}{speed}"));
        }
    }

    public void Dispose()
    {
        if (_visible && _length > 0) Show("");
        if (_visible && _length > 0) error.Write('\r');
    }

    private void Show(string text)
    {
        error.Write('\r' + text.PadRight(_length));
        _length = Math.Max(_length, text.Length);
    }
}
