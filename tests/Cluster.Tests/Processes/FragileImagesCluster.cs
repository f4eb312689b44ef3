using System.Globalization;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>A job over 24 images, one of which kills its worker's process and one of which never comes back, on two workers.</summary>
public sealed class FragileImagesCluster : IAsyncLifetime
{
    internal const int Images = 24;
    internal const string Deadly = "07.bmp";
    internal const string Endless = "18.bmp";

    private FragileCluster _cluster = null!;

    internal JobStatus End { get; private set; } = null!;

    internal ResultFiles Result { get; private set; } = null!;

    /// <summary>Attempts that came to nothing.</summary>
    internal string Attempts { get; private set; } = "";

    /// <summary>Deaths of the workers' processes.</summary>
    internal int Deaths => _cluster.Ends.Count;

    /// <summary>What the silos said.</summary>
    internal string Log => _cluster.Log;

    public async ValueTask InitializeAsync()
    {
        _cluster = await FragileCluster.StartAsync(workers: 2);
        for (int i = 0; i < Images; i++) _cluster.AddImage(i, string.Create(CultureInfo.InvariantCulture, $"{i:D2}.bmp") switch { Deadly => 13, Endless => 17, _ => 8 });
        JobHandle job = await _cluster.SubmitAsync(specification => specification with { ImageSeconds = 2 });
        End = await _cluster.EndAsync(job);
        Assert.True(End.State == JobState.CompletedWithErrors, $"{End}\n{Log}");
        Result = ResultFiles.Read(job);
        Attempts = await File.ReadAllTextAsync(Path.Combine(job.Output, "result/attempts.jsonl"));
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
