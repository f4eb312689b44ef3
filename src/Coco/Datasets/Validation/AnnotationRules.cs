using System.Globalization;

namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>The rules for a data set's annotations, applied in the order of the file.</summary>
internal sealed class AnnotationRules(string file, DatasetReferences references, FindingList findings)
{
    // An area may be that of the polygon, of the visible pixels or of a mask before it was scaled, so only a large
    // difference says that something is wrong.
    private const double AreaFactor = .5;
    private const double AreaSlack = 64;

    private readonly ContentRules _content = new(file, references, findings);
    private readonly HashSet<long> _ids = [];
    private readonly Dictionary<long, int> _keypointsOf = [];

    public void Check(int index, CocoAnnotation annotation, MaskCheck mask)
    {
        string subject = annotation.Id is { } id ? $"annotation {id}" : $"annotation at position {index + 1}";
        CheckId(subject, annotation);
        CocoImage? image = _content.CheckReferences(subject, annotation);
        CheckMissing(subject, annotation);
        _content.CheckBox(subject, annotation, image);
        _content.CheckMask(subject, annotation, image, mask);
        CheckArea(subject, annotation, mask);
        if (annotation.Keypoints is not null) CheckKeypoints(subject, annotation, annotation.Keypoints);
    }

    private void CheckId(string subject, CocoAnnotation annotation)
    {
        if (annotation.Id is not { } id)
            findings.Error(FindingCodes.MissingId, file, subject, "there is no \"id\"", "a whole number over 0");
        else if (!_ids.Add(id))
            findings.Error(FindingCodes.DuplicateAnnotationId, file, subject, "the id is there twice", "each annotation's own id", id);
        else if (id == 0)
            findings.Error(FindingCodes.IdZero, file, subject, "the id is 0, which pycocotools takes for \"not matched\"", "an id over 0", id);
    }

    private void CheckMissing(string subject, CocoAnnotation annotation)
    {
        if (annotation.IsCrowd is null)
            findings.Error(FindingCodes.MissingIsCrowd, file, subject, "there is no \"iscrowd\"", "0 or 1", annotation.Id);
        if (annotation.Area is null)
            findings.Error(FindingCodes.MissingArea, file, subject, "there is no \"area\"", "the mask's pixels", annotation.Id);
        if (annotation.Box is null)
            findings.Warning(FindingCodes.MissingBox, file, subject, "there is no \"bbox\"", "[x, y, width, height]", annotation.Id);
    }

    private void CheckArea(string subject, CocoAnnotation annotation, MaskCheck mask)
    {
        // COCO's own crowds have areas that are not their masks'; no score depends on them.
        if (annotation.IsCrowd == true || annotation.Area is not { } area || mask.Area is not { } pixels) return;
        if (Math.Abs(area - pixels) > AreaSlack + AreaFactor * pixels)
            findings.Warning(
                FindingCodes.AreaMismatch, file, subject, string.Create(CultureInfo.InvariantCulture, $"\"area\" is {area}"),
                $"about the mask's {pixels} pixels", annotation.Id);
    }

    private void CheckKeypoints(string subject, CocoAnnotation annotation, double[] keypoints)
    {
        int count = keypoints.Length / 3;
        // Where the category does not say, its first annotation does.
        int expected = references.KeypointsOf.GetValueOrDefault(annotation.CategoryId)
            ?? (_keypointsOf.TryAdd(annotation.CategoryId, count) ? count : _keypointsOf[annotation.CategoryId]);
        if (count != expected)
            findings.Error(
                FindingCodes.KeypointsLength, file, subject, $"\"keypoints\" has {keypoints.Length} numbers",
                $"{3 * expected} for category {annotation.CategoryId}'s {expected} keypoints", annotation.Id);
        int labelled = 0;
        double? wrong = null;
        for (int i = 2; i < keypoints.Length; i += 3)
        {
            if (keypoints[i] > 0) labelled++;
            if (keypoints[i] is not (0 or 1 or 2)) wrong ??= keypoints[i];
        }
        if (wrong is not null)
            findings.Warning(
                FindingCodes.KeypointVisibility, file, subject,
                string.Create(CultureInfo.InvariantCulture, $"a keypoint's visibility is {wrong}"), "0, 1 or 2", annotation.Id);
        if (annotation.NumKeypoints is { } declared && declared != labelled)
            findings.Warning(
                FindingCodes.NumKeypoints, file, subject, $"\"num_keypoints\" is {declared}",
                $"the {labelled} labelled keypoints", annotation.Id);
    }
}
