using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class OrderedWorkTests
{
    [Fact]
    public void Results_come_in_order_and_never_more_than_asked_are_ahead()
    {
        using var work = new OrderedWork(4);
        int taken = 0, most = 0;
        IEnumerable<int> items = Enumerable.Range(0, 1000).Select(i =>
        {
            most = Math.Max(most, i + 1 - taken);
            return i;
        });
        foreach (int result in work.Select(items, (i, _) => 2 * i, ahead: 8, CancellationToken.None)) Assert.Equal(2 * taken++, result);
        Assert.Equal(1000, taken);
        Assert.InRange(most, 2, 9);
    }

    [Fact]
    public void An_error_comes_in_its_turn_and_work_not_begun_is_dropped()
    {
        using var work = new OrderedWork(2);
        var seen = new List<int>();
        Assert.Throws<InvalidDataException>(() =>
        {
            foreach (int result in work.Select(Enumerable.Range(0, 100), (i, _) => i == 5 ? throw new InvalidDataException() : i, ahead: 10, CancellationToken.None)) seen.Add(result);
        });
        Assert.Equal([0, 1, 2, 3, 4], seen);
        Assert.Equal([7], work.Select([7], (i, _) => i, 1, CancellationToken.None));
    }
}
