using CsCheck;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Evaluation.Parts;

namespace MaskRcnn.Coco.Tests.Evaluation.Parts;

/// <summary>However images are split into parts, and parts merged, the outcome is the same to the last bit.</summary>
public sealed class PartMergeTests
{
    private static readonly Gen<(Problem Problem, int Seed)> Split = Gen.Select(Problem.Gen, Gen.Int[0, int.MaxValue]);

    [Fact]
    public void Any_split_and_any_order_and_grouping_of_merges_give_the_bytes_of_the_whole() => Split.Sample((problem, seed) =>
    {
        byte[] whole = Bytes(problem.Part(problem.Images));
        var random = new Random(seed);
        List<EvaluationPart> parts = SplitAtRandom(problem, random);
        while (parts.Count > 1)
        {
            EvaluationPart[] some = [.. parts.OrderBy(_ => random.Next()).Take(2 + random.Next(parts.Count - 1))];
            parts.RemoveAll(some.Contains);
            parts.Add(Open(Merge(some)));
        }
        Assert.Equal(whole, Bytes(parts[0]));
    }, iter: 200);

    [Fact]
    public void Accumulating_unmerged_parts_gives_what_evaluating_at_once_gives() => Split.Sample((problem, seed) =>
    {
        EvaluationResult whole = Accumulator.Accumulate([problem.Part(problem.Images)]);
        EvaluationResult parts = Accumulator.Accumulate(SplitAtRandom(problem, new Random(seed)));
        Assert.Equal(whole.Precision, parts.Precision);
        Assert.Equal(whole.Recall, parts.Recall);
        Assert.Equal(whole.Scores, parts.Scores);
        Assert.Equal(whole.ImageCount, parts.ImageCount);
        Assert.Equal(whole.Instances?.Scores, parts.Instances?.Scores);
        Assert.Equal(whole.Instances?.DsbScore, parts.Instances?.DsbScore);
    }, iter: 200);

    [Fact]
    public void Merging_one_part_gives_it_back() => Problem.Gen.Sample(problem =>
    {
        EvaluationPart part = problem.Part(problem.Images);
        Assert.Equal(Bytes(part), Merge([part]));
    }, iter: 50);

    [Fact]
    public void A_part_in_a_file_reads_as_the_part_in_memory()
    {
        using var folder = new TemporaryFolder();
        Problem problem = Problem.Gen.Single();
        byte[] bytes = Bytes(problem.Part(problem.Images));
        File.WriteAllBytes(folder.File("part.bin"), bytes);
        using EvaluationPart part = EvaluationPart.Open(PartData.FromFile(folder.File("part.bin")));
        Assert.Equal(bytes, Merge([part]));
    }

    [Fact]
    public void Parts_that_share_an_image_are_refused_and_the_image_is_named()
    {
        Problem problem = TwoImages();
        EvaluationPart all = problem.Part(problem.Images), again = problem.Part(problem.Images[1..]);
        EvaluationPartException exception = Assert.Throws<EvaluationPartException>(() => Merge([all, again]));
        Assert.Contains("Image 8 is in two parts", exception.Message, StringComparison.Ordinal);
        Assert.Throws<EvaluationPartException>(() => Accumulator.Accumulate([all, again]));
    }

    [Fact]
    public void An_image_is_refused_the_second_time_it_is_added()
    {
        Problem problem = TwoImages();
        var builder = new EvaluationPartBuilder(problem.Parameters, problem.Categories);
        ImageMatches matches = problem.Match(problem.NewMatcher(), problem.Images[0]);
        builder.Add(matches);
        Assert.Contains("Image 7", Assert.Throws<EvaluationPartException>(() => builder.Add(matches)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_of_other_parameters_or_categories_are_refused()
    {
        Problem problem = TwoImages();
        EvaluationPart part = problem.Part(problem.Images[..1]);
        EvaluationParameters p = problem.Parameters;
        Problem[] others =
        [
            problem with { Parameters = p with { IouThresholds = [.5] } },
            problem with { Parameters = p with { RecallThresholds = [0, 1] } },
            problem with { Parameters = p with { MaxDetections = [1, 10, 101] } },
            problem with { Parameters = p with { AreaRanges = [new("all", 0, 1e9)] } },
            problem with { Parameters = p with { ClassAgnostic = true } },
            problem with { Parameters = p with { FixKnownTraps = true } },
            problem with { Parameters = p with { InstanceScoreThreshold = .1 } },
            problem with { Categories = [2, 5] },
        ];
        foreach (Problem other in others)
        {
            EvaluationPartException exception = Assert.Throws<EvaluationPartException>(() => Merge([part, other.Part(problem.Images[1..])]));
            Assert.Contains("parts of one evaluation", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Images_without_objects_and_detections_are_in_the_part()
    {
        Problem problem = TwoImages() with { Images = [new Problem.Image(long.MinValue, [], []), new Problem.Image(long.MaxValue, [], [])] };
        Assert.Equal([long.MinValue, long.MaxValue], problem.Part(problem.Images).ImageIds);
        Assert.Throws<EvaluationPartException>(() => Merge([problem.Part(problem.Images), problem.Part(problem.Images[1..])]));
    }

    [Fact]
    public void A_part_of_64_images_with_100_detections_each_takes_at_most_150_KB()
    {
        var random = new Random(5);
        Problem.Image[] images = [.. Enumerable.Range(0, 64).Select(i => Crowded(i, random))];
        EvaluationParameters parameters = EvaluationParameters.Default(IouType.Bbox) with { InstanceScoreThreshold = .5 };
        EvaluationPart part = new Problem(parameters, [.. Enumerable.Range(1, 80).Select(c => (long)c)], images).Part(images);
        Assert.Equal(6400, part.DetectionCount);
        Assert.InRange(part.Length, 6400 * 8, 150_000);
    }

    internal static byte[] Bytes(EvaluationPart part)
    {
        var bytes = new byte[part.Data.Length];
        part.Data.Read(0, bytes);
        return bytes;
    }

    internal static Problem TwoImages()
    {
        var box = new MaskRcnn.Coco.Masks.BoundingBox(0, 0, 9, 9);
        GroundTruth[] objects = [new GroundTruth { Id = 1, CategoryId = 2, Box = box, Area = 81 }];
        Detection[] detections = [new Detection { CategoryId = 2, Score = .5, Box = box, Area = 81 }];
        return new Problem(EvaluationParameters.Default(IouType.Bbox), [2, 5, 9], [new Problem.Image(7, objects, detections), new Problem.Image(8, objects, detections)]);
    }

    // 100 detections, of which a third match one of 40 objects.
    private static Problem.Image Crowded(int id, Random random)
    {
        GroundTruth[] objects = [.. Enumerable.Range(0, 40).Select(i =>
        {
            var box = new MaskRcnn.Coco.Masks.BoundingBox(50 * (i % 8), 50 * (i / 8), 8 + random.Next(40), 8 + random.Next(40));
            return new GroundTruth { Id = 40L * id + i + 1, CategoryId = 1 + random.Next(80), Box = box, Area = box.Area };
        })];
        Detection[] detections = [.. Enumerable.Range(0, 100).Select(i =>
        {
            GroundTruth near = objects[random.Next(40)];
            var box = new MaskRcnn.Coco.Masks.BoundingBox(near.Box.X + 6 * random.NextDouble(), near.Box.Y, near.Box.Width, near.Box.Height);
            return new Detection { CategoryId = i % 3 == 0 ? near.CategoryId : 1 + random.Next(80), Score = random.NextDouble(), Box = box, Area = box.Area };
        })];
        return new Problem.Image(139 + 17L * id, objects, detections);
    }

    private static List<EvaluationPart> SplitAtRandom(Problem problem, Random random)
    {
        int count = 1 + random.Next(6);
        return [.. problem.Images.GroupBy(_ => random.Next(count)).Select(group => problem.Part(group)).Append(problem.Part([]))];
    }

    private static byte[] Merge(IReadOnlyList<EvaluationPart> parts)
    {
        using var stream = new MemoryStream();
        EvaluationPartMerger.Merge(parts, stream);
        return stream.ToArray();
    }

    private static EvaluationPart Open(byte[] bytes) => EvaluationPart.Open(PartData.FromMemory(bytes));
}
