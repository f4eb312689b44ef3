namespace MaskRcnn.Storage;

/// <summary>When a blob may be written.</summary>
public readonly record struct WriteCondition
{
    private WriteCondition(bool absent, string? eTag) => (IfAbsent, IfMatch) = (absent, eTag);

    /// <summary>Always: an existing blob is replaced.</summary>
    public static WriteCondition None => default;

    /// <summary>Only when there is no such blob.</summary>
    public static WriteCondition Absent => new(true, null);

    /// <summary>Only over the version with this ETag.</summary>
    public static WriteCondition Match(string eTag) => new(false, eTag);

    /// <summary>Whether there must be no such blob.</summary>
    public bool IfAbsent { get; }

    /// <summary>The ETag to replace, or null.</summary>
    public string? IfMatch { get; }
}
