using MaskRcnn.Silo.Health;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Silo.Tests.Health;

public sealed class HealthStateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HealthState _state;

    public HealthStateTests() => _state = new HealthState(_time);

    [Fact]
    public void At_first_a_silo_is_live_and_neither_started_nor_ready()
    {
        Assert.True(_state.Live().IsYes);
        Assert.Contains("'not started'", Assert.Single(_state.Started().Missing), StringComparison.Ordinal);
        Assert.Single(_state.Ready().Missing);
    }

    [Fact]
    public void Started_means_joined_and_stays()
    {
        _state.Saw("Joining", isMember: false);
        Assert.Contains("'Joining'", Assert.Single(_state.Started().Missing), StringComparison.Ordinal);
        _state.Saw("Active", isMember: true);
        Assert.True(_state.Started().IsYes);
        _state.Saw("ShuttingDown", isMember: false);
        Assert.True(_state.Started().IsYes);
    }

    [Fact]
    public void Ready_needs_an_answer_of_the_grains_that_is_not_old()
    {
        _state.Saw("Active", isMember: true);
        Assert.Contains("have not answered yet", Assert.Single(_state.Ready().Missing), StringComparison.Ordinal);
        _state.Answered(null);
        Assert.True(_state.Ready().IsYes);
        _state.Answered("no answer within 5 s");
        _time.Advance(HealthState.AnswerLives);
        Assert.True(_state.Ready().IsYes);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("The cluster's grains have not answered for 21 s: no answer within 5 s.", Assert.Single(_state.Ready().Missing));
        _state.Answered(null);
        Assert.True(_state.Ready().IsYes);
    }

    [Fact]
    public void Who_is_leaving_is_not_ready_and_is_live()
    {
        _state.Saw("Active", isMember: true);
        _state.Answered(null);
        _state.Leave();
        Assert.Contains("leaving", Assert.Single(_state.Ready().Missing), StringComparison.Ordinal);
        Assert.True(_state.Started().IsYes);
        Assert.True(_state.Live().IsYes);
    }

    [Fact]
    public void Live_fails_when_one_of_the_loops_hangs_and_names_it()
    {
        _state.Beat("one");
        _state.Beat("two");
        _time.Advance(HealthState.LongestHang);
        _state.Beat("two");
        Assert.True(_state.Live().IsYes);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("one had no turn for 61 s", Assert.Single(_state.Live().Missing), StringComparison.Ordinal);
        _state.Beat("one");
        Assert.True(_state.Live().IsYes);
    }
}
