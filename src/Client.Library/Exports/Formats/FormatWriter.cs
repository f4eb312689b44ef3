namespace MaskRcnn.Client.Exports.Formats;

/// <summary>One format: which files it has, and how they are made of images.</summary>
internal abstract class FormatWriter
{
    /// <summary>The file to open. It is written after all others of the format.</summary>
    public abstract string File { get; }

    /// <summary>Whether a result without masks cannot be written.</summary>
    public virtual bool NeedsMasks => false;

    /// <summary>Whether an image's file has its name with another ending.</summary>
    public virtual bool ReplacesEndings => false;

    /// <summary>Writes the files; each is there whole or not at all.</summary>
    public abstract Task WriteAsync(ExportRun run, CancellationToken cancellation);
}
