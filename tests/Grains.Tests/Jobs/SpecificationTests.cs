using System.Globalization;
using MaskRcnn.Grains.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Grains.Tests.Jobs;

public sealed class SpecificationTests
{
    private static readonly JobSpecification Good = new() { Images = "/data/images", Model = "s3://models/m.safetensors", Output = "file:///data/out" };

    [Fact]
    public void What_is_right_has_no_problems()
    {
        Assert.Empty(SpecificationRules.Problems(Good));
        Assert.Empty(SpecificationRules.Problems(Good with
        {
            Name = "Nuclei_2.b-1", Annotations = "https://a.blob.core.windows.net/c/gt.json?sig=x", Pattern = "**/*.png", Limit = 1, ShardSize = 4096, ScoreThreshold = 0,
            EvaluationLimits = [1, 10, 100], MaxFailureRate = 1, Precision = "bf16", BatchSize = 1024,
        }));
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "name", "" }, { "name", ".hidden" }, { "name", "a b" }, { "name", "ü" }, { "name", new string('a', 129) }, { "name", "a/b" },
        { "images", "data/images" }, { "images", "" }, { "images", "ftp://host/x" }, { "model", "../m.safetensors" }, { "output", "az:///x" }, { "output", "https://" }, { "output", "s3://bucket/out" },
        { "annotations", "gt.json" }, { "pattern", "" }, { "pattern", "/a/*" }, { "pattern", "a//b" }, { "pattern", "../*" },
        { "limit", "0" }, { "shardSize", "0" }, { "shardSize", "4097" }, { "scoreThreshold", "1.5" }, { "scoreThreshold", "NaN" }, { "evaluationLimits", "" }, { "evaluationLimits", "0,1" },
        { "evaluationLimits", "10,10" }, { "maxFailureRate", "-0.1" }, { "maxFailureRate", "NaN" }, { "precision", "fp16" }, { "imageSeconds", "0" }, { "imageSeconds", "Infinity" }, { "batchSize", "1025" },
        { "weight", "0" }, { "weight", "NaN" }, { "weight", "1001" }, { "tenant", "a b" }, { "pool", "" }, { "deadlineSeconds", "-1" }, { "deadlineSeconds", "Infinity" }, { "maxWorkers", "0" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_wrong_is_named_with_its_value(string parameter, string value)
    {
        double number = double.TryParse(value, CultureInfo.InvariantCulture, out double parsed) ? parsed : 0;
        JobSpecification specification = parameter switch
        {
            "name" => Good with { Name = value },
            "images" => Good with { Images = value },
            "model" => Good with { Model = value },
            "output" => Good with { Output = value },
            "annotations" => Good with { Annotations = value },
            "pattern" => Good with { Pattern = value },
            "limit" => Good with { Limit = (long)number },
            "shardSize" => Good with { ShardSize = (int)number },
            "scoreThreshold" => Good with { ScoreThreshold = number },
            "evaluationLimits" => Good with { EvaluationLimits = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(v => int.Parse(v, CultureInfo.InvariantCulture))] },
            "maxFailureRate" => Good with { MaxFailureRate = number },
            "precision" => Good with { Precision = value },
            "imageSeconds" => Good with { ImageSeconds = number },
            "weight" => Good with { Weight = number },
            "tenant" => Good with { Tenant = value },
            "pool" => Good with { Pool = value },
            "deadlineSeconds" => Good with { DeadlineSeconds = number },
            "maxWorkers" => Good with { MaxWorkers = (int)number },
            "batchSize" => Good with { BatchSize = (int)number },
            _ => throw new ArgumentException(parameter),
        };
        string problem = Assert.Single(SpecificationRules.Problems(specification));
        Assert.StartsWith(parameter, problem, StringComparison.Ordinal);
        Assert.Contains(value, problem, StringComparison.Ordinal);
        Assert.Contains("expected", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_together() =>
        Assert.Equal(3, SpecificationRules.Problems(Good with { Images = "x", Limit = 0, Precision = "int8" }).Count);

    [Fact]
    public void Equal_submissions_do_not_differ_also_when_only_one_says_the_name()
    {
        JobSpecification other = Good with { Name = "n", EvaluationLimits = [1, 2] };
        Assert.Null(SpecificationDifference.Of(Good with { EvaluationLimits = new List<int> { 1, 2 } }, other));
    }

    [Fact]
    public void Every_parameter_that_differs_is_named_with_both_values() =>
        Assert.Equal(
            "shardSize: there 16, here 32; png: there false, here true; pattern: there not given, here \"*.png\"",
            string.Join("; ", SpecificationDifference.Of(Good with { ShardSize = 16 }, Good with { ShardSize = 32, Png = true, Pattern = "*.png" })!.Split("; ").OrderByDescending(d => d[0])));

    [Fact]
    public void Ids_sort_by_time_and_differ_within_a_second()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 17, 30, 0, TimeSpan.FromHours(2)));
        var random = new Random(1);
        var ids = new JobIds(time, random.Next);
        string first = ids.Next(), second = ids.Next();
        Assert.Matches("^20261122-153000-[0-9a-z]{6}$", first);
        Assert.NotEqual(first, second);
        Assert.Empty(SpecificationRules.Problems(Good with { Name = first }));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(string.CompareOrdinal(ids.Next(), first) > 0 && string.CompareOrdinal(ids.Next(), second) > 0);
    }
}
