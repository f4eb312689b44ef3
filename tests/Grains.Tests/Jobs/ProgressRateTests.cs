using MaskRcnn.Grains.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Grains.Tests.Jobs;

public sealed class ProgressRateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ProgressRate _rate;

    public ProgressRateTests() => _rate = new ProgressRate(_time);

    [Fact]
    public void Before_there_are_two_counts_nothing_is_told()
    {
        Assert.Equal(0, _rate.ImagesPerSecond);
        _rate.Count(500);
        Assert.Equal(0, _rate.ImagesPerSecond);
        Assert.Null(_rate.EtaSeconds(10));
        Assert.Equal(0, _rate.EtaSeconds(0));
    }

    [Fact]
    public void The_rate_is_that_of_the_last_minute()
    {
        // What was finished before it was looked at does not count.
        _rate.Count(1000);
        for (int second = 1; second <= 120; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _rate.Count(1000 + second * 5);
            Assert.Equal(5, _rate.ImagesPerSecond, 6);
        }
        for (int second = 1; second <= 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _rate.Count(1600 + second * 10);
        }
        Assert.Equal(10, _rate.ImagesPerSecond, 6);
        Assert.Equal(30, _rate.EtaSeconds(300)!.Value, 6);
    }

    [Fact]
    public void The_rate_falls_while_nothing_comes()
    {
        _rate.Count(0);
        _time.Advance(TimeSpan.FromSeconds(10));
        _rate.Count(100);
        Assert.Equal(10, _rate.ImagesPerSecond, 6);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(2, _rate.ImagesPerSecond, 6);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, _rate.ImagesPerSecond);
        Assert.Null(_rate.EtaSeconds(1));
    }

    [Fact]
    public void Counts_that_come_faster_than_once_a_second_are_all_seen()
    {
        for (int i = 0; i <= 1000; i++)
        {
            _rate.Count(i);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.Equal(100, _rate.ImagesPerSecond, 0.2);
    }
}
