namespace MaskRcnn.Client.Exports;

/// <summary>What is known of a result before it is exported.</summary>
/// <param name="Images">Images with a result.</param>
/// <param name="Failed">Images without one.</param>
/// <param name="GreatestId">The greatest id of an image, at least 0.</param>
internal sealed record ExportSurvey(long Images, long Failed, long GreatestId);
