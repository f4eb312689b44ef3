using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Rpn;

/// <summary>Proposals of one image: the best boxes of each level, without those that others overlap.</summary>
internal sealed class ProposalSelector(RpnConfiguration configuration)
{
    private readonly AnchorGenerator _anchors = new(configuration);

    /// <summary>Selects the proposals of an image.</summary>
    /// <param name="levels">Predictions of each level.</param>
    /// <param name="paddedHeight">Height of the padded batch.</param>
    /// <param name="paddedWidth">Width of the padded batch.</param>
    /// <param name="height">Height of the resized image.</param>
    /// <param name="width">Width of the resized image.</param>
    /// <returns>Boxes in resized pixels and their objectness, best first.</returns>
    public (Box[] Boxes, float[] Scores) Select(IReadOnlyList<LevelPredictions> levels, int paddedHeight, int paddedWidth, int height, int width)
    {
        List<Box> boxes = [];
        List<float> scores = [];
        List<int> groups = [];
        for (int level = 0; level < levels.Count; level++)
        {
            LevelPredictions predictions = levels[level];
            int strideY = AnchorGenerator.Stride(paddedHeight, predictions.Height), strideX = AnchorGenerator.Stride(paddedWidth, predictions.Width);
            foreach (int index in TopK.Indices(predictions.Objectness, configuration.PreNmsTopN))
            {
                float score = 1 / (1 + MathF.Exp(-predictions.Objectness[index]));
                ReadOnlySpan<float> delta = predictions.Deltas.AsSpan(index * 4, 4);
                Box anchor = _anchors.At(level, index, predictions.Width, strideY, strideX);
                Box box = BoxGeometry.Clip(BoxCoder.Proposals.Decode(anchor, delta[0], delta[1], delta[2], delta[3]), height, width);
                if (!BoxGeometry.IsAtLeast(box, configuration.MinSize) || !(score >= configuration.ScoreThreshold))
                    continue;
                boxes.Add(box);
                scores.Add(score);
                groups.Add(level);
            }
        }

        int[] kept = NonMaximumSuppression.RunBatched(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(boxes), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(scores),
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(groups), configuration.NmsThreshold);
        int count = Math.Min(kept.Length, configuration.PostNmsTopN);
        Box[] keptBoxes = new Box[count];
        float[] keptScores = new float[count];
        for (int i = 0; i < count; i++)
            (keptBoxes[i], keptScores[i]) = (boxes[kept[i]], scores[kept[i]]);
        return (keptBoxes, keptScores);
    }
}

/// <summary>What the RPN says of one level of one image, in the order y, x, anchor.</summary>
/// <param name="Height">Height of the level.</param>
/// <param name="Width">Width of the level.</param>
/// <param name="Objectness">Logits, (H · W · A).</param>
/// <param name="Deltas">(H · W · A, 4).</param>
internal sealed record LevelPredictions(int Height, int Width, float[] Objectness, float[] Deltas);
