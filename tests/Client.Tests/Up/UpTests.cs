using System.Net;
using System.Net.Sockets;
using MaskRcnn.Client.Up;

namespace MaskRcnn.Client.Tests.Up;

public sealed class UpTests
{
    [Fact]
    public void A_process_that_ends_at_once_is_started_again_later_each_time_up_to_30_s()
    {
        var backOff = new BackOff();
        double[] waits = [.. Enumerable.Range(0, 9).Select(_ => backOff.After(TimeSpan.FromSeconds(1)).TotalSeconds)];
        Assert.Equal([.5, 1, 2, 4, 8, 16, 30, 30, 30], waits);
    }

    [Fact]
    public void One_that_has_lived_for_a_minute_is_started_again_soon()
    {
        var backOff = new BackOff();
        for (int i = 0; i < 9; i++) backOff.After(TimeSpan.Zero);
        Assert.Equal(.5, backOff.After(TimeSpan.FromMinutes(1)).TotalSeconds);
    }

    [Fact]
    public void The_wanted_port_is_the_first_if_nobody_listens_on_it_and_all_differ()
    {
        int[] free = FreePorts.Find(3, null);
        Assert.Equal(free[0], FreePorts.Find(3, free[0])[0]);
        Assert.Equal(3, free.Distinct().Count());
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int taken = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.DoesNotContain(taken, FreePorts.Find(3, taken));
    }

    [Theory]
    [InlineData("--workers 0")]
    [InlineData("--threads 0")]
    [InlineData("--lease-seconds 4 --renew-seconds 3")]
    [InlineData("--renew-seconds x")]
    public void Numbers_that_cannot_be_are_refused_before_anything_starts(string options)
    {
        CommandRun run = CommandRun.Of(["up", "--data", "/nowhere/at/all", .. options.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(options.Split(' ')[^2], run.Error, StringComparison.Ordinal);
    }
}
