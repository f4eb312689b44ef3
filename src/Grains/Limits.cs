using System.Globalization;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Grains;

/// <summary>How large and how many what comes from outside may be. What is beyond is an error that names it, its size and the limit.</summary>
public sealed record Limits
{
    /// <summary>Characters of a URI in a specification, with its SAS. Default 4096; 16 to 65536.</summary>
    public int UriCharacters { get; init; } = 4096;

    /// <summary>Characters of a specification's pattern. Default 1024; 1 to 65536.</summary>
    public int PatternCharacters { get; init; } = 1024;

    /// <summary>Numbers in a specification's limits of the evaluation; each costs memory for every category. Default 16; 1 to 1000.</summary>
    public int EvaluationLimits { get; init; } = 16;

    /// <summary>Bytes of the annotations. They are read into memory, where they take a few times as much. Default 2 GiB; from 1.</summary>
    public long AnnotationBytes { get; init; } = 2L << 30;

    /// <summary>Bytes of a manifest or COCO file that names the collection. It is sorted by means of temporary files of about its size. Default 16 GiB; from 1.</summary>
    public long ManifestBytes { get; init; } = 16L << 30;

    /// <summary>Bytes of a model file. It is copied to each worker's cache. Default 16 GiB; from 1.</summary>
    public long ModelBytes { get; init; } = 16L << 30;

    /// <summary>Bytes of an image file; a larger one is an error of that image. Several are in memory at once. Default 512 MiB; 1 to 2 GiB.</summary>
    public long ImageBytes { get; init; } = 512L << 20;

    /// <summary>Pixels of an image; one with more is an error of that image, before it is decoded. Default 200 million; 1 to 700 million.</summary>
    public long ImagePixels { get; init; } = 200_000_000;

    /// <summary>Images of a collection, and names in a manifest or archive. Default 100 million; from 1.</summary>
    public long Images { get; init; } = 100_000_000;

    /// <summary>What is wrong with these limits, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems() =>
        [.. Mistakes().Select(mistake => string.Create(CultureInfo.InvariantCulture, $"Limits:{mistake.Name} is {mistake.Value}; expected {mistake.Expected}."))];

    /// <summary>The limits that cannot be, each with what was expected.</summary>
    public IEnumerable<(string Name, long Value, string Expected)> Mistakes() => new[]
    {
        Check(nameof(UriCharacters), UriCharacters, 16, 65536),
        Check(nameof(PatternCharacters), PatternCharacters, 1, 65536),
        Check(nameof(EvaluationLimits), EvaluationLimits, 1, 1000),
        Check(nameof(AnnotationBytes), AnnotationBytes, 1, long.MaxValue),
        Check(nameof(ManifestBytes), ManifestBytes, 1, long.MaxValue),
        Check(nameof(ModelBytes), ModelBytes, 1, long.MaxValue),
        Check(nameof(ImageBytes), ImageBytes, 1, Array.MaxLength),
        Check(nameof(ImagePixels), ImagePixels, 1, ImageDecodeOptions.MostPixels),
        Check(nameof(Images), Images, 1, long.MaxValue),
    }.OfType<(string, long, string)>();

    private static (string Name, long Value, string Expected)? Check(string name, long value, long least, long most) => value >= least && value <= most
        ? null
        : (name, value, string.Create(CultureInfo.InvariantCulture, $"{(most == long.MaxValue ? $"at least {least}" : $"{least} to {most}")}"));
}

/// <summary>Something from outside is beyond a limit. Trying again does not help.</summary>
public sealed class LimitException : ArgumentException
{
    /// <summary>Something that is too large.</summary>
    /// <param name="thing">What.</param>
    /// <param name="value">How large it is.</param>
    /// <param name="unit">Bytes, images, …</param>
    /// <param name="limit">The limit's name in <see cref="Limits"/>.</param>
    /// <param name="most">The limit.</param>
    /// <param name="advice">What its owner can do.</param>
    public LimitException(string thing, long value, string unit, string limit, long most, string advice)
        : base(string.Create(CultureInfo.InvariantCulture, $"{thing} has {value} {unit}; expected at most {most}. {advice}, or have the operator raise Limits:{limit}.")) =>
        (Limit, Most) = (limit, most);

    /// <summary>The limit's name.</summary>
    public string Limit { get; }

    /// <summary>The limit.</summary>
    public long Most { get; }
}
