using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Jobs.Benchmarks.NullModel;
using MaskRcnn.Jobs.Benchmarks.Scale;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MaskRcnn.Jobs.Benchmarks.Cluster;

/// <summary>A silo in a process of its own: this program again. It ends when this process does.</summary>
internal sealed partial class SiloProcess : IDisposable
{
    public const string CommandName = "silo-process";

    private const string NullModelName = "null", FileModelName = "file";

    private readonly Process _process;

    /// <param name="name">For messages.</param>
    /// <param name="settings">The silo's.</param>
    /// <param name="nullModel">Whether the model does nothing.</param>
    /// <param name="clock">The clock of a simulation; null: that of the machine.</param>
    public SiloProcess(string name, SiloSettings settings, bool nullModel, ScaledTime? clock = null)
    {
        Name = name;
        Metrics = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{settings.Health.Address}:{settings.Health.Port}/metrics"));
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[typeof(SiloProcess).Assembly.Location, CommandName, clock?.ToString() ?? (nullModel ? NullModelName : FileModelName), .. SettingsArguments.Of(settings with { Supervised = true })])
            start.ArgumentList.Add(argument);
        if (clock is not null)
        {
            // There is nothing to reduce in a simulation, and the log is of that.
            start.RedirectStandardError = true;
            // As the silo's own program has it, which runs jobs of that size; this one is as the command line.
            start.Environment["DOTNET_gcConcurrent"] = "1";
        }
        _process = Process.Start(start)!;
        if (clock is not null) _process.BeginErrorReadLine();
    }

    public string Name { get; }

    /// <summary>The most memory that was resident, in megabytes.</summary>
    public double PeakMegabytes =>
        double.Parse(PeakLine().Match(File.ReadAllText($"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/status")).Groups[1].Value, CultureInfo.InvariantCulture) / 1024;

    /// <summary>Where it shows its metrics, if it does.</summary>
    public Uri Metrics { get; }

    /// <summary>Memory that is resident now, in megabytes.</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Seconds of processor time until now.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>In the child.</summary>
    public static Task<int> RunAsync(string[] arguments) => arguments[0] switch
    {
        FileModelName => SiloProgram.RunAsync(arguments[1..]),
        NullModelName => SiloProgram.RunAsync(arguments[1..], silo => silo.Services.AddSingleton<IModelLoader, NullModelLoader>()),
        string clock => SiloProgram.RunAsync(
            arguments[1..], silo => silo.Services.AddSingleton<TimeProvider>(ScaledTime.Parse(clock)), options => options with { OpenStore = uri => SyntheticCollection.Find(uri) ?? BlobStores.Open(uri) }),
    };

    public async Task WaitUntilReadyAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == SiloProgram.ReadyLine) return;
        }
        throw new InvalidOperationException($"The {Name} ended before it was ready.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex PeakLine();
}
