using MaskRcnn.Client.Connection;

namespace MaskRcnn.Client.Library.Tests.Connection;

public sealed class ClusterAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:30000", "127.0.0.1:30000")]
    [InlineData("a.example:1,b.example:65535", "a.example:1,b.example:65535")]
    [InlineData("127.0.0.1:30000, 127.0.0.2:30000", "127.0.0.1:30000,127.0.0.2:30000")]
    [InlineData("[::1]:30000", "[::1]:30000")]
    public void Gateways_are_hosts_and_ports(string text, string expected)
    {
        ClusterAddress address = ClusterAddress.Parse(text);
        Assert.Equal(expected, string.Join(',', address.Gateways));
        Assert.Null(address.DataFolder);
    }

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:")]
    [InlineData(":30000")]
    [InlineData("127.0.0.1:30000,")]
    [InlineData("127.0.0.1:+3")]
    [InlineData("::1:30000")]
    [InlineData("a b:30000")]
    [InlineData("data,127.0.0.1:30000")]
    public void What_looks_like_a_gateway_and_is_none_is_refused(string text) =>
        Assert.Contains("host:port", Assert.Throws<ArgumentException>(() => ClusterAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("data")]
    [InlineData("../data")]
    [InlineData("/srv/maskrcnn")]
    [InlineData("/srv/a:1")]
    public void Anything_else_is_a_folder_and_absolute(string text)
    {
        ClusterAddress address = ClusterAddress.Parse(text);
        Assert.Equal(Path.GetFullPath(text), address.DataFolder);
        Assert.Empty(address.Gateways);
    }

    [Fact]
    public void What_is_named_goes_before_the_environment_and_that_before_the_last_up()
    {
        using var folder = new TemporaryFolder();
        string? Environment(string name) => name switch { "XDG_STATE_HOME" => folder.Root, "MASKRCNN_CLUSTER" => "127.0.0.1:2", _ => null };
        string? Without(string name) => name == "XDG_STATE_HOME" ? folder.Root : null;
        new LastUp("/data/up").Write(Environment);

        Assert.Equal("127.0.0.1:1", string.Join(',', ClusterAddress.Resolve("127.0.0.1:1", Environment).Gateways));
        Assert.Equal("127.0.0.1:2", string.Join(',', ClusterAddress.Resolve(null, Environment).Gateways));
        Assert.Equal("/data/up", ClusterAddress.Resolve(null, Without).DataFolder);
    }

    [Fact]
    public void A_last_up_that_comes_while_waiting_is_seen()
    {
        using var folder = new TemporaryFolder();
        string? Environment(string name) => name == "XDG_STATE_HOME" ? folder.Root : null;
        ClusterAddress address = ClusterAddress.Resolve(null, Environment);
        Assert.Null(address.DataFolder);
        new LastUp("/data/up").Write(Environment);
        Assert.Equal("/data/up", address.DataFolder);
    }

    [Theory]
    [InlineData("/state", "/home/u", "/state/maskrcnn/last-up.json")]
    [InlineData(null, "/home/u", "/home/u/.local/state/maskrcnn/last-up.json")]
    [InlineData("", "/home/u", "/home/u/.local/state/maskrcnn/last-up.json")]
    [InlineData("relative", "/home/u", "/home/u/.local/state/maskrcnn/last-up.json")]
    public void The_last_up_is_where_the_user_keeps_state(string? state, string home, string expected) =>
        Assert.Equal(expected, LastUp.FilePath(name => name switch { "XDG_STATE_HOME" => state, "HOME" => home, _ => null }));

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"data":""}""")]
    [InlineData("{}")]
    public void A_damaged_last_up_is_named(string text)
    {
        using var folder = new TemporaryFolder();
        string? Environment(string name) => name == "XDG_STATE_HOME" ? folder.Root : null;
        Directory.CreateDirectory(folder.File("maskrcnn"));
        File.WriteAllText(folder.File("maskrcnn/last-up.json"), text);
        Assert.Contains("last-up.json", Assert.Throws<InvalidDataException>(() => LastUp.TryRead(Environment)).Message, StringComparison.Ordinal);
    }
}
