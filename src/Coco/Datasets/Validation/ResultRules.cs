namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>The rules for detections.</summary>
internal sealed class ResultRules(string file, DatasetReferences references, FindingList findings)
{
    private readonly ContentRules _content = new(file, references, findings);

    public void Check(int index, CocoAnnotation result, MaskCheck mask)
    {
        // Results have no ids of their own; pycocotools numbers them by position too.
        string subject = $"result {index + 1}";
        CocoImage? image = _content.CheckReferences(subject, result);
        if (result.Score is null) findings.Error(FindingCodes.MissingScore, file, subject, "there is no \"score\"", "a finite number");
        if (result.Box is null && result.Segmentation is null && result.Keypoints is null)
            findings.Error(
                FindingCodes.EmptyResult, file, subject, "there is no \"bbox\", \"segmentation\" or \"keypoints\"",
                "at least one of them");
        _content.CheckBox(subject, result, image);
        _content.CheckMask(subject, result, image, mask);
    }
}
