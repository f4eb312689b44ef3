namespace MaskRcnn.Client.Exports;

/// <summary>What a result can be exported as; docs/export.md says what each holds.</summary>
public enum ExportFormat
{
    /// <summary>A COCO data set with scores: <c>instances.json</c>.</summary>
    Coco,

    /// <summary>YOLO: a text an image in <c>labels/</c>, and <c>data.yaml</c>.</summary>
    Yolo,

    /// <summary>COCO panoptic: an RGB PNG an image in <c>panoptic/</c>, and <c>panoptic.json</c>.</summary>
    Panoptic,

    /// <summary>Apache Parquet, a row a detection: <c>detections.parquet</c>.</summary>
    Parquet,

    /// <summary>A greyscale label map an image in <c>masks/</c>, and <c>instances.jsonl</c>.</summary>
    PngMasks,
}
