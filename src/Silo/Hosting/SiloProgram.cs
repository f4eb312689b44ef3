using MaskRcnn.Grains;
using MaskRcnn.Silo.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Silo.Hosting;

/// <summary>
/// A silo as a process: settings from <see cref="SettingsSources"/>. It prints <c>ready</c> when the silo is a member, and ends, if
/// <see cref="SiloSettings.Supervised"/>, when its standard input does: a child that has lost its supervisor.
/// </summary>
public static class SiloProgram
{
    /// <summary>What a silo prints when it is a member of the cluster.</summary>
    public const string ReadyLine = "ready";

    /// <summary>Runs a silo until it is told to end.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="more">Adds or replaces services, for tests and benchmarks.</param>
    /// <param name="change">Changes what the grains are built with, for tests and benchmarks.</param>
    /// <returns>See <see cref="SiloExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, Action<ISiloBuilder>? more = null, Func<GrainsOptions, GrainsOptions>? change = null)
    {
        SiloSettings settings;
        try
        {
            settings = SettingsSources.Read(arguments);
        }
        catch (SettingsException exception)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            return SiloExitCode.Settings;
        }
        try
        {
            await StartChecks.RunAsync(settings, Console.Error.WriteLine);
            await RunAsync(settings, more, change);
            return SiloExitCode.Ok;
        }
        catch (UnreachableException exception)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}");
            return SiloExitCode.Unreachable;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"error: the silo ends by a fault: {exception}");
            return SiloExitCode.Fault;
        }
    }

    private static async Task RunAsync(SiloSettings settings, Action<ISiloBuilder>? more, Func<GrainsOptions, GrainsOptions>? change)
    {
        using IHost host = SiloHost.Build(settings, silo =>
        {
            if (settings.Supervised) silo.Services.AddSingleton<IHostLifetime, SupervisedLifetime>();
            silo.Services.AddSingleton<IFatalErrorHandler, SiloFatalErrorHandler>();
            more?.Invoke(silo);
        }, change);
        using var watch = settings.Supervised ? new SupervisorWatch(Console.OpenStandardInput(), host) : null;
        try
        {
            await host.StartAsync();
        }
        catch (OperationCanceledException) when (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // It was told to end before it was a member.
            await host.StopAsync();
            return;
        }
        await Console.Out.WriteLineAsync(ReadyLine);
        await host.WaitForShutdownAsync();
        // The host stops in good order when a service of it fails, and says nothing.
        if (host.Services.GetServices<IHostedService>().OfType<BackgroundService>().FirstOrDefault(service => service.ExecuteTask is { IsFaulted: true }) is { } failed)
            throw new InvalidOperationException($"{failed.GetType().Name} has failed.", failed.ExecuteTask!.Exception!.InnerException);
    }
}
