using MaskRcnn.Grains.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Grains.Tests.Telemetry;

public sealed class DeviceClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Calls_at_the_same_time_count_once()
    {
        var clock = new DeviceClock(_time);
        clock.Enter();
        Pass(3);
        clock.Enter();
        Pass(1);
        clock.Leave();
        Pass(2);
        clock.Leave();
        Pass(4);
        Assert.Equal((6.0, .6), (clock.Busy.TotalSeconds, clock.Share()));
    }

    [Fact]
    public void A_call_that_is_under_way_counts()
    {
        var clock = new DeviceClock(_time);
        clock.Enter();
        Pass(5);
        Assert.Equal((5.0, 1.0), (clock.Busy.TotalSeconds, clock.Share()));
    }

    [Fact]
    public void The_share_is_of_the_last_seconds_also_for_two_who_ask()
    {
        var clock = new DeviceClock(_time);
        clock.Enter();
        for (int i = 0; i < 60; i++) AskTwice(clock);
        clock.Leave();
        for (int i = 0; i < 5; i++) AskTwice(clock);
        Assert.InRange(clock.Share(), .5, .9);
        for (int i = 0; i < 20; i++) AskTwice(clock);
        Assert.Equal(0, clock.Share());
    }

    [Fact]
    public void A_new_clock_has_no_share() => Assert.Equal(0, new DeviceClock(_time).Share());

    private void AskTwice(DeviceClock clock)
    {
        Pass(1);
        Assert.Equal(clock.Share(), clock.Share());
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
