namespace MaskRcnn.Samples.Microscopy;

/// <summary>Which sample images to make.</summary>
public sealed record MicroscopyOptions
{
    /// <summary>The most images of a set.</summary>
    public const int MostImages = 10_000;

    /// <summary>How many images, 1 to 10 000; default 24. The first images of a longer set are those of a shorter one.</summary>
    public int Count { get; init; } = 24;

    /// <summary>Equal seeds give equal images; default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Threads, at least 1; default one a core. They change no byte.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    internal void Check()
    {
        if (Count is < 1 or > MostImages) throw new ArgumentException($"{nameof(Count)} is {Count}; expected 1 to {MostImages} images.");
        if (Threads < 1) throw new ArgumentException($"{nameof(Threads)} is {Threads}; expected at least 1.");
    }
}
