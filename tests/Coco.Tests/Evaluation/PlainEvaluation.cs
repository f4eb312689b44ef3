using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Evaluation;

/// <summary>
/// COCO's evaluation written down as its rules read, cell by cell and without any of the library's shortcuts: an
/// oracle for random problems.
/// </summary>
internal static class PlainEvaluation
{
    private static readonly double Spacing = Math.BitIncrement(1.0) - 1;

    private sealed record Judged(double Score, bool Matched, bool Ignored);

    /// <summary>Precision, scores (T, R, K, A, M) and recall (T, K, A, M).</summary>
    public static (double[] Precision, double[] Scores, double[] Recall) Run(Problem problem)
    {
        EvaluationParameters p = problem.Parameters;
        int k = p.ClassAgnostic ? 1 : problem.Categories.Length;
        (int t, int r, int a, int m) = (p.IouThresholds.Length, p.RecallThresholds.Length, p.AreaRanges.Length, p.MaxDetections.Length);
        double[] precision = Enumerable.Repeat(-1.0, t * r * k * a * m).ToArray(), scores = [.. precision], recall = Enumerable.Repeat(-1.0, t * k * a * m).ToArray();
        for (int c = 0; c < k; c++)
        {
            for (int range = 0; range < a; range++)
            {
                for (int limit = 0; limit < m; limit++)
                {
                    for (int threshold = 0; threshold < t; threshold++)
                    {
                        var judged = new List<Judged>();
                        int objects = 0;
                        foreach (Problem.Image image in problem.Images.OrderBy(i => i.Id))
                            objects += Judge(problem, image, c, p.AreaRanges[range], p.IouThresholds[threshold], p.MaxDetections[^1], p.MaxDetections[limit], judged);
                        if (objects == 0) continue;
                        List<Judged> sorted = [.. judged.OrderByDescending(j => j.Score)];
                        var recalls = new List<double>();
                        var precisions = new List<double>();
                        double tp = 0, fp = 0;
                        foreach (Judged one in sorted)
                        {
                            if (one.Matched && !one.Ignored) tp++;
                            if (!one.Matched && !one.Ignored) fp++;
                            recalls.Add(tp / objects);
                            precisions.Add(tp / (fp + tp + Spacing));
                        }
                        recall[((threshold * k + c) * a + range) * m + limit] = recalls.Count > 0 ? recalls[^1] : 0;
                        for (int i = 0; i < r; i++)
                        {
                            int at = recalls.FindIndex(value => value >= p.RecallThresholds[i]);
                            int cell = (((threshold * r + i) * k + c) * a + range) * m + limit;
                            precision[cell] = at < 0 ? 0 : precisions[at..].Max();
                            scores[cell] = at < 0 ? 0 : sorted[at].Score;
                        }
                    }
                }
            }
        }
        return (precision, scores, recall);
    }

    /// <summary>Judges one image's detections of a class and returns how many of its objects count.</summary>
    private static int Judge(Problem problem, Problem.Image image, int c, AreaRange range, double threshold, int most, int limit, List<Judged> judged)
    {
        bool pooled = problem.Parameters.ClassAgnostic;
        List<GroundTruth> objects = [.. problem.Categories.Where((_, i) => pooled || i == c).SelectMany(id => image.Objects.Where(o => o.CategoryId == id))];
        List<Detection> detections = [.. problem.Categories.Where((_, i) => pooled || i == c).SelectMany(id => image.Detections.Where(d => d.CategoryId == id))];
        detections = [.. detections.OrderByDescending(d => d.Score).Take(most)];
        bool Ignored(GroundTruth o) => o.IsCrowd || o.Area < range.Low || o.Area > range.High;
        objects = [.. objects.OrderBy(o => Ignored(o) ? 1 : 0)];
        var free = new bool[objects.Count];
        Array.Fill(free, true);
        var here = new List<Judged>();
        foreach (Detection detection in detections)
        {
            int match = -1;
            double best = Math.Min(threshold, 1 - 1e-10);
            for (int g = 0; g < objects.Count; g++)
            {
                if (!free[g] && !objects[g].IsCrowd) continue;
                if (match >= 0 && !Ignored(objects[match]) && Ignored(objects[g])) break;
                double iou = BoundingBox.Iou(detection.Box, objects[g].Box, objects[g].IsCrowd);
                if (iou < best) continue;
                (best, match) = (iou, g);
            }
            if (match >= 0) free[match] = false;
            bool counts = match >= 0 && (objects[match].Id != 0 || problem.Parameters.FixKnownTraps);
            bool outside = detection.Area < range.Low || detection.Area > range.High;
            here.Add(new Judged(detection.Score, counts, (match >= 0 && Ignored(objects[match])) || (!counts && outside)));
        }
        judged.AddRange(here.Take(limit));
        return objects.Count(o => !Ignored(o));
    }
}
