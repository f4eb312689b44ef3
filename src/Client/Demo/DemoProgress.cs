using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Jobs;

namespace MaskRcnn.Client.Demo;

/// <summary>What stderr shows while the demo runs: a line for each phase that is done, and on a terminal a live one below.</summary>
internal sealed class DemoProgress(CommandOutput output, TimeProvider time) : IProgress<(int Done, int Total)>, IDisposable
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly StatusLine _line = new(output.Error, time);
    private readonly List<(string Name, double Seconds)> _phases = [];

    /// <summary>Seconds since the demo began.</summary>
    public double Seconds => time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>The phases that are done, and when.</summary>
    public IReadOnlyList<(string Name, double Seconds)> Phases => _phases;

    /// <summary>Shows how far the phase is.</summary>
    public void Show(string text)
    {
        // Where lines are not written over, phases alone are enough for half a minute.
        if (!StatusLine.IsTerminal(output.Error)) return;
        lock (_lock) _line.Show(string.Create(CultureInfo.InvariantCulture, $"{Seconds,5:F1} s  {text}"));
    }

    /// <summary>Says that a phase is done.</summary>
    public void Done(string name, string text)
    {
        lock (_lock)
        {
            _phases.Add((name, Seconds));
            Write(string.Create(CultureInfo.InvariantCulture, $"{Seconds,5:F1} s  {name,-9}{text}"));
        }
    }

    /// <summary>Says something else.</summary>
    public void Say(string text)
    {
        lock (_lock) Write(text);
    }

    public void Report((int Done, int Total) value) => Show($"{value.Done} of {value.Total} images made");

    public void Dispose()
    {
        lock (_lock) _line.Clear();
    }

    private void Write(string line)
    {
        _line.Clear();
        output.Error.WriteLine(line);
    }
}
