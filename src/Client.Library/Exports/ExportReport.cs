using System.Text.Json;

namespace MaskRcnn.Client.Exports;

/// <summary>What an export wrote, and what its format could not hold.</summary>
public sealed record ExportReport
{
    /// <summary>What was written.</summary>
    public required ExportFormat Format { get; init; }

    /// <summary>Where it is, without secrets.</summary>
    public required string Output { get; init; }

    /// <summary>Images, those without a detection too.</summary>
    public required long Images { get; init; }

    /// <summary>Images of the job that have no result, and are not in the export.</summary>
    public required long Failed { get; init; }

    /// <summary>Detections that were written.</summary>
    public long Detections { get; init; }

    /// <summary>Detections that have no pixel and so no place in the format.</summary>
    public long Empty { get; init; }

    /// <summary>Detections of which every pixel belongs to better ones (panoptic, png-masks).</summary>
    public long Hidden { get; init; }

    /// <summary>Detections of which all parts but the largest are left out (yolo).</summary>
    public long LostParts { get; init; }

    /// <summary>Detections whose holes are filled (yolo).</summary>
    public long LostHoles { get; init; }

    /// <summary>The file to open.</summary>
    public required string File { get; init; }

    /// <summary>Files of the export, those too that were there already.</summary>
    public required long Files { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Files that were there already, with the same bytes.</summary>
    public required long Unchanged { get; init; }

    /// <summary>The members that depend on nothing but the result and the options.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        json.WriteString("file", File);
        json.WriteNumber("images", Images);
        json.WriteNumber("failed", Failed);
        json.WriteNumber("detections", Detections);
        json.WriteNumber("empty", Empty);
        json.WriteNumber("hidden", Hidden);
        json.WriteNumber("lostParts", LostParts);
        json.WriteNumber("lostHoles", LostHoles);
        json.WriteNumber("files", Files);
        json.WriteNumber("bytes", Bytes);
    }
}
