namespace MaskRcnn.Grains.Jobs;

/// <summary>A job that is to be taken in again, by its folder.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-recovery")]
public sealed record JobRecovery
{
    /// <summary>The job's folder, <c>&lt;output&gt;/&lt;job&gt;</c>, with its SAS if it has one.</summary>
    [Id(0)] public required string Output { get; init; }

    /// <summary>The images with their SAS, if the job was submitted with one; else null.</summary>
    [Id(1)] public string? Images { get; init; }

    /// <summary>The model with its SAS, as <see cref="Images"/>.</summary>
    [Id(2)] public string? Model { get; init; }

    /// <summary>The annotations with their SAS, as <see cref="Images"/>.</summary>
    [Id(3)] public string? Annotations { get; init; }

    /// <summary>Where the images' names begin, with its SAS, as <see cref="Images"/>.</summary>
    [Id(4)] public string? ImagesRoot { get; init; }

    /// <summary>Nothing of it: it may have secrets.</summary>
    public override string ToString() => nameof(JobRecovery);
}
