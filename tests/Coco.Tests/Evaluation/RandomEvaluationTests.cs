using CsCheck;
using MaskRcnn.Coco.Evaluation.Accumulation;

namespace MaskRcnn.Coco.Tests.Evaluation;

/// <summary>The whole evaluation against the plain one, on random problems.</summary>
public sealed class RandomEvaluationTests
{
    [Fact]
    public void Precision_recall_and_scores_equal_those_of_the_rules_written_plainly() => Problem.Gen.Sample(Check, iter: 150);

    [Fact]
    public void So_they_do_with_the_known_traps_fixed() => Problem.Random(fixTraps: true).Sample(Check, iter: 50);

    private static void Check(Problem problem)
    {
        EvaluationResult result = Accumulator.Accumulate([problem.Part(problem.Images)]);
        (double[] precision, double[] scores, double[] recall) = PlainEvaluation.Run(problem);
        Assert.Equal(precision, result.Precision);
        Assert.Equal(scores, result.Scores);
        Assert.Equal(recall, result.Recall);
    }
}
