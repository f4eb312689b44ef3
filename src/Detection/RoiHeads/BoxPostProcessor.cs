using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>The box branch's predictions of one image to its detections.</summary>
internal sealed class BoxPostProcessor(PostProcessingConfiguration configuration)
{
    /// <summary>Selects the detections of an image.</summary>
    /// <param name="logits">(K, classes).</param>
    /// <param name="deltas">(K, 4 · classes).</param>
    /// <param name="regions">The K proposals, in resized pixels.</param>
    /// <param name="classes">Number of classes with the background.</param>
    /// <param name="height">Height of the resized image.</param>
    /// <param name="width">Width of the resized image.</param>
    /// <returns>Detections in resized pixels, best first.</returns>
    public RegionDetections Select(ReadOnlySpan<float> logits, ReadOnlySpan<float> deltas, Box[] regions, int classes, int height, int width)
    {
        List<Box> boxes = [];
        List<float> scores = [];
        List<int> labels = [];
        float[] probabilities = new float[classes];
        for (int region = 0; region < regions.Length; region++)
        {
            Softmax(logits.Slice(region * classes, classes), probabilities);
            for (int label = 1; label < classes; label++)
            {
                if (!(probabilities[label] > configuration.ScoreThreshold))
                    continue;
                ReadOnlySpan<float> delta = deltas.Slice((region * classes + label) * 4, 4);
                Box box = BoxGeometry.Clip(BoxCoder.Regions.Decode(regions[region], delta[0], delta[1], delta[2], delta[3]), height, width);
                if (!BoxGeometry.IsAtLeast(box, configuration.MinSize))
                    continue;
                boxes.Add(box);
                scores.Add(probabilities[label]);
                labels.Add(label);
            }
        }

        Box[] candidates = [.. boxes];
        int[] kept = NonMaximumSuppression.RunBatched(candidates, scores.ToArray(), labels.ToArray(), configuration.NmsThreshold);
        int count = Math.Min(kept.Length, configuration.MaxDetections);
        RegionDetections detections = new(new Box[count], new float[count], new int[count]);
        for (int i = 0; i < count; i++)
            (detections.Boxes[i], detections.Scores[i], detections.Labels[i]) = (candidates[kept[i]], scores[kept[i]], labels[kept[i]]);
        return detections;
    }

    private static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        float largest = float.NegativeInfinity, sum = 0;
        foreach (float logit in logits)
            largest = Math.Max(largest, logit);
        for (int i = 0; i < logits.Length; i++)
            sum += probabilities[i] = MathF.Exp(logits[i] - largest);
        for (int i = 0; i < logits.Length; i++)
            probabilities[i] /= sum;
    }
}

/// <summary>Detections of one image in resized pixels, best first.</summary>
internal sealed record RegionDetections(Box[] Boxes, float[] Scores, int[] Labels);
