using MaskRcnn.Coco.Evaluation.Instances;
using MaskRcnn.Coco.Evaluation.Parts;

namespace MaskRcnn.Coco.Evaluation.Accumulation;

/// <summary>
/// Parts to precision and recall: pycocotools' <c>accumulate</c>, in one pass over sorted records and in memory that
/// does not grow with their number.
/// </summary>
public static class Accumulator
{
    /// <summary>Accumulates parts as if they were merged.</summary>
    /// <param name="parts">At least one part, all with the same parameters and categories and no image in two.</param>
    /// <param name="cancellationToken">Stops between classes.</param>
    /// <exception cref="EvaluationPartException">The parts do not belong together, share an image, or are damaged.</exception>
    public static EvaluationResult Accumulate(IReadOnlyList<EvaluationPart> parts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var set = new PartSet(parts);
        var result = new EvaluationResult(set.Parameters, set.CategoryIds, set.ImageCount)
        {
            ObjectCounts = [.. set.ObjectCounts.SelectMany(counts => counts)],
        };
        int threads = Math.Max(1, Math.Min(Environment.ProcessorCount, set.ClassCount));
        // The largest classes first, so that threads end together.
        int[] classes = [.. Enumerable.Range(0, set.ClassCount).OrderByDescending(set.RecordCount)];
        int next = -1;
        // Threads of their own: this takes long, and a server's pool answers others meanwhile.
        Task[] workers = [.. Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(Work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try
        {
            Task.WaitAll(workers, CancellationToken.None);
        }
        catch (AggregateException exception)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
        if (set.Parameters.InstanceScoreThreshold is not null) result.Instances = InstanceScores.Sum(set);
        return result;

        void Work()
        {
            ClassCurves? curves = null;
            for (int i = Interlocked.Increment(ref next); i < classes.Length; i = Interlocked.Increment(ref next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                // Precision and recall of a class without objects stay -1.
                if (set.ObjectCounts[classes[i]].All(count => count == 0)) continue;
                curves ??= new ClassCurves(set.Parameters);
                curves.Start(set.ObjectCounts[classes[i]]);
                RecordMerge records = set.Records(classes[i], threads);
                while (records.Next()) curves.Add(records.Current);
                curves.WriteTo(result, classes[i]);
            }
        }
    }
}
