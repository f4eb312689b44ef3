using MaskRcnn.Silo.Redis;

namespace MaskRcnn.Silo.Tests.Redis;

public sealed class OwnRowJudgeTests
{
    private const string Joining = """{"SiloAddress":"x","Status":2}""", Active = """{"SiloAddress":"x","Status":3}""", Dead = """{"SiloAddress":"x","Status":6}""";

    private readonly OwnRowJudge _judge = new("S10.0.0.1:11111:7");

    [Fact]
    public void A_silo_that_is_missing_in_two_looks_is_no_member()
    {
        Assert.Null(_judge.Look("5", Active, isMember: true));
        Assert.Null(_judge.Look("6", null, isMember: true));
        Assert.Equal("S10.0.0.1:11111:7 is missing from the list of members", _judge.Look("6", null, isMember: true));
    }

    [Fact]
    public void A_look_in_vain_leaves_doubt_until_the_next_good_one()
    {
        _judge.Look("5", Active, isMember: true);
        Assert.False(_judge.IsInDoubt);
        _judge.Look("6", null, isMember: true);
        Assert.True(_judge.IsInDoubt);
        _judge.Look("6", Active, isMember: true);
        Assert.False(_judge.IsInDoubt);
    }

    [Fact]
    public void A_silo_that_joins_has_no_row_at_first()
    {
        for (int i = 0; i < 5; i++) Assert.Null(_judge.Look("5", null, isMember: false));
        Assert.Null(_judge.Look("6", Joining, isMember: false));
    }

    [Fact]
    public void A_silo_whose_row_is_lost_while_it_joins_never_becomes_a_member()
    {
        Assert.Null(_judge.Look("5", Joining, isMember: false));
        Assert.Null(_judge.Look("6", null, isMember: false));
        Assert.NotNull(_judge.Look("6", null, isMember: false));
    }

    [Fact]
    public void A_silo_joins_no_list_that_was_lost_before_its_row_was_seen()
    {
        Assert.Null(_judge.Look("5", null, isMember: false));
        Assert.Null(_judge.Look(null, null, isMember: false));
        Assert.Equal("the list of members went back from version 5 to -1", _judge.Look(null, null, isMember: false));
    }

    [Fact]
    public void The_first_silo_of_a_cluster_finds_no_list()
    {
        for (int i = 0; i < 5; i++) Assert.Null(_judge.Look(null, null, isMember: false));
        Assert.Null(_judge.Look("1", Joining, isMember: false));
    }

    [Fact]
    public void One_look_in_vain_is_forgotten_by_the_next_good_one()
    {
        Assert.Null(_judge.Look(null, null, isMember: true));
        Assert.Null(_judge.Look("5", Active, isMember: true));
        Assert.Null(_judge.Look(null, null, isMember: true));
    }

    [Fact]
    public void A_list_that_went_back_in_time_is_believed_by_no_member()
    {
        Assert.Null(_judge.Look("20", Active, isMember: true));
        Assert.Null(_judge.Look("10", Active, isMember: true));
        Assert.Equal("the list of members went back from version 20 to 11", _judge.Look("11", Active, isMember: true));
    }

    [Fact]
    public void A_list_that_has_caught_up_is_believed_again()
    {
        Assert.Null(_judge.Look("20", Active, isMember: true));
        Assert.Null(_judge.Look("19", Active, isMember: true));
        Assert.Null(_judge.Look("20", Active, isMember: true));
        Assert.Null(_judge.Look("19", Active, isMember: true));
    }

    [Fact]
    public void A_list_without_a_version_went_back()
    {
        Assert.Null(_judge.Look("3", Active, isMember: true));
        Assert.Null(_judge.Look(null, Active, isMember: true));
        Assert.NotNull(_judge.Look(null, Active, isMember: true));
    }

    [Theory]
    [InlineData(Dead)]
    [InlineData("""{"Status":"Dead"}""")]
    public void A_silo_that_is_dead_by_the_list_is_no_member(string row)
    {
        Assert.Null(_judge.Look("3", row, isMember: true));
        Assert.Contains("is dead by the list", _judge.Look("3", row, isMember: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("""{"Status":4}""")]
    public void A_row_of_another_kind_is_a_row(string row)
    {
        for (int i = 0; i < 5; i++) Assert.Null(_judge.Look("3", row, isMember: true));
    }
}
