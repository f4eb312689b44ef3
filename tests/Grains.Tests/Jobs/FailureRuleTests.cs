using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Tests.Jobs;

public sealed class FailureRuleTests
{
    [Theory]
    [InlineData(0.1, 100, 0, 10, true, false)]
    [InlineData(0.1, 100, 0, 11, true, true)]
    [InlineData(0.1, 100, 0, 11, false, false)]
    [InlineData(0.1, 5000, 899, 100, false, false)]
    [InlineData(0.1, 5000, 900, 100, false, false)]
    [InlineData(0.1, 5000, 899, 101, false, true)]
    [InlineData(0.1, 5000, 899, 101, true, false)]
    [InlineData(0.0, 10, 0, 1, true, true)]
    [InlineData(0.0, 10, 10, 0, true, false)]
    [InlineData(1.0, 10, 0, 10, true, false)]
    [InlineData(null, 10, 0, 10, true, false)]
    public void Too_many_failures_end_a_job(double? rate, long total, long done, long failed, bool listed, bool ends) =>
        Assert.Equal(ends, FailureRule.Judge(rate, new ImageCounts(total, done, failed), listed) is not null);

    [Fact]
    public void The_reason_has_the_numbers() =>
        Assert.Equal("11 of 100 images failed; at most 10 % may (--max-failure-rate 0.1).", FailureRule.Judge(0.1, new ImageCounts(100, 0, 11), true));
}
