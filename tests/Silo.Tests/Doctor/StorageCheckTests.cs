using System.Net;
using MaskRcnn.Silo.Doctor;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Tests.Doctor;

public sealed class StorageCheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_state_root_is_listed_and_written_to_and_nothing_stays()
    {
        IReadOnlyList<Finding> found = await RunAsync(new StorageSettings { State = In("state"), Roots = [_folder.FullName] });
        Assert.Equal([("storage", Verdict.Ok), ("clock", Verdict.Ok), ("storage", Verdict.Ok)], found.Select(f => (f.Check, f.Verdict)));
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_state_root_that_is_a_file_or_cannot_be_opened_fails()
    {
        await File.WriteAllTextAsync(In("file"), "");
        foreach (string root in new[] { In("file"), "ftp://somewhere/state", "https:///state?sig=secret" })
        {
            Finding found = Assert.Single(await RunAsync(new StorageSettings { State = root }));
            Assert.Equal(("storage", Verdict.Failed), (found.Check, found.Verdict));
            Assert.NotNull(found.Advice);
            Assert.DoesNotContain("sig=secret", found.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_service_that_refuses_fails_and_its_clock_is_looked_at_all_the_same()
    {
        using var service = new HttpListener();
        int port = Ports.Free();
        service.Prefixes.Add($"http://127.0.0.1:{port}/");
        service.Start();
        _ = RefuseAsync(service, TimeProvider.System.GetUtcNow().AddHours(1));
        IReadOnlyList<Finding> found = await RunAsync(new StorageSettings { State = $"http://127.0.0.1:{port}/devstoreaccount1/container?sv=1&sig=secret" });
        Assert.Equal([("storage", Verdict.Failed), ("clock", Verdict.Failed)], found.Select(f => (f.Check, f.Verdict)));
        Assert.Contains("ahead of this machine's", found[1].Seen, StringComparison.Ordinal);
        Assert.All(found, f => Assert.DoesNotContain("sig=secret", f.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, Verdict.Ok)]
    [InlineData(2, Verdict.Ok)]
    [InlineData(-2, Verdict.Ok)]
    [InlineData(4, Verdict.Warning)]
    [InlineData(-4, Verdict.Warning)]
    [InlineData(301, Verdict.Failed)]
    public void A_clock_is_judged_by_how_far_it_is_off(int seconds, Verdict verdict)
    {
        var now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(verdict, ClockCheck.Judge("storage", now.AddSeconds(seconds), now, now.AddMilliseconds(100)).Verdict);
    }

    [Fact]
    public void A_question_that_took_long_is_no_wrong_clock()
    {
        var now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(Verdict.Ok, ClockCheck.Judge("storage", now.AddSeconds(20), now, now.AddSeconds(30)).Verdict);
    }

    private static async Task RefuseAsync(HttpListener service, DateTimeOffset clock)
    {
        try
        {
            while (true)
            {
                HttpListenerContext request = await service.GetContextAsync();
                request.Response.StatusCode = 403;
                request.Response.Headers["Date"] = clock.ToString("R");
                request.Response.Headers["x-ms-error-code"] = "AuthenticationFailed";
                request.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private static async Task<IReadOnlyList<Finding>> RunAsync(StorageSettings settings)
    {
        List<Finding> found = [];
        await foreach (Finding finding in StorageCheck.RunAsync(settings, TimeProvider.System, CancellationToken.None)) found.Add(finding);
        return found;
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
