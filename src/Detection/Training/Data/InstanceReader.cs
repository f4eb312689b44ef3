using System.Globalization;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>Annotations to objects. What cannot be used is counted.</summary>
internal sealed class InstanceReader(ModelConfiguration model, IReadOnlyDictionary<long, int> labels)
{
    /// <summary>Boxes are written with rounded numbers; less than this beyond the image is nothing to tell.</summary>
    private const float OutsideTolerance = 1;

    /// <summary>The annotation's object, or null.</summary>
    /// <param name="annotation">The annotation.</param>
    /// <param name="place">Its place in the file, from 1, for annotations without an id.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="findings">Gets what is wrong.</param>
    public StoredInstance? Read(CocoAnnotation annotation, int place, int width, int height, FindingTally findings)
    {
        string name = annotation.Id is { } id ? Text($"annotation {id} of image {annotation.ImageId}") : Text($"annotation at position {place} of image {annotation.ImageId}");
        if (annotation.IsCrowd == true) return Skip(TrainingFindingCodes.Crowd, name);
        if (!labels.TryGetValue(annotation.CategoryId, out int label)) return Skip(TrainingFindingCodes.UnknownCategory, Text($"{name}: category {annotation.CategoryId}"));
        if (!Mask(annotation, name, width, height, findings, out Rle? mask)) return null;
        Box? box = CheckedBox(annotation, name, width, height, findings);
        if (mask is not null)
            box = new Box((float)mask.BoundingBox.X, (float)mask.BoundingBox.Y, (float)(mask.BoundingBox.X + mask.BoundingBox.Width), (float)(mask.BoundingBox.Y + mask.BoundingBox.Height));
        else if (annotation.Box is null)
            return Skip(TrainingFindingCodes.MissingBox, name);
        if (box is not { } good) return null;
        if (model.MaskHead is not null && mask is null) findings.Add(TrainingFindingCodes.MissingMask, name);
        if (!Keypoints(annotation, name, width, height, findings, out Keypoint[]? keypoints)) return null;
        return new StoredInstance(label, good, model.MaskHead is null ? null : mask, keypoints);

        StoredInstance? Skip(string code, string sample)
        {
            findings.Add(code, sample);
            return null;
        }
    }

    /// <summary>False when the annotation has a mask that cannot be used. Models without a mask head take masks only where there is no box.</summary>
    private bool Mask(CocoAnnotation annotation, string name, int width, int height, FindingTally findings, out Rle? mask)
    {
        mask = null;
        if (annotation.Segmentation is not { } segmentation || (model.MaskHead is null && annotation.Box is not null)) return true;
        try
        {
            mask = segmentation.ToRle(height, width);
        }
        catch (RleException exception)
        {
            findings.Add(TrainingFindingCodes.InvalidMask, $"{name}: {exception.Message.TrimEnd('.')}");
            return false;
        }
        if (mask.Area > 0) return true;
        findings.Add(TrainingFindingCodes.EmptyMask, name);
        return false;
    }

    /// <summary>The annotation's box, cut to the image; null when nothing is left of it, or when it has none.</summary>
    private static Box? CheckedBox(CocoAnnotation annotation, string name, int width, int height, FindingTally findings)
    {
        if (annotation.Box is not { } written) return null;
        string sample = Text($"{name}: bbox [{written.X}, {written.Y}, {written.Width}, {written.Height}] of {width} × {height} pixels");
        Box box = new((float)written.X, (float)written.Y, (float)(written.X + written.Width), (float)(written.Y + written.Height));
        if (!(written.Width > 0 && written.Height > 0) || !float.IsFinite(box.X1) || !float.IsFinite(box.Y1) || !float.IsFinite(box.X2) || !float.IsFinite(box.Y2))
        {
            findings.Add(TrainingFindingCodes.BoxWithoutArea, sample);
            return null;
        }
        Box cut = BoxGeometry.Clip(box, height, width);
        if (!(cut.X2 > cut.X1 && cut.Y2 > cut.Y1))
        {
            // A box can also be thinner than single precision can tell at its place.
            bool inside = box.X2 > 0 && box.Y2 > 0 && box.X1 < width && box.Y1 < height;
            findings.Add(inside ? TrainingFindingCodes.BoxWithoutArea : TrainingFindingCodes.BoxOutside, sample);
            return null;
        }
        if (Math.Max(Math.Max(cut.X1 - box.X1, cut.Y1 - box.Y1), Math.Max(box.X2 - cut.X2, box.Y2 - cut.Y2)) > OutsideTolerance)
            findings.Add(TrainingFindingCodes.BoxClipped, sample);
        return cut;
    }

    /// <summary>False when the keypoints do not fit the model's head.</summary>
    private bool Keypoints(CocoAnnotation annotation, string name, int width, int height, FindingTally findings, out Keypoint[]? keypoints)
    {
        keypoints = null;
        if (model.KeypointHead is not { } head) return true;
        if (annotation.Keypoints is not { } written)
        {
            findings.Add(TrainingFindingCodes.MissingKeypoints, name);
            return true;
        }
        if (written.Length != head.Keypoints * 3)
        {
            findings.Add(TrainingFindingCodes.KeypointCount, Text($"{name}: {written.Length} numbers where {head.Keypoints} keypoints need {head.Keypoints * 3}"));
            return false;
        }
        keypoints = new Keypoint[head.Keypoints];
        for (int i = 0; i < keypoints.Length; i++)
        {
            (double x, double y, double visibility) = (written[3 * i], written[3 * i + 1], written[3 * i + 2]);
            // Whatever is not labelled is (0, 0, 0).
            if (!(visibility > 0)) continue;
            if (x >= 0 && y >= 0 && x <= width && y <= height) keypoints[i] = new Keypoint((float)x, (float)y, visibility >= 2 ? 2 : 1);
            else findings.Add(TrainingFindingCodes.KeypointOutside, Text($"{name}: keypoint {i + 1} at ({x}, {y}) of {width} × {height} pixels"));
        }
        return true;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
