namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>One thing that is wrong in a data set or results file.</summary>
/// <param name="Code">What kind of thing, for instance <c>unknown-image</c>; one of <see cref="FindingCodes"/>.</param>
/// <param name="Severity">Error or warning.</param>
/// <param name="AnnotationId">The annotation's id, or null where there is none.</param>
/// <param name="Message">File, annotation or image, what was found and what was expected.</param>
public sealed record Finding(string Code, FindingSeverity Severity, long? AnnotationId, string Message);
