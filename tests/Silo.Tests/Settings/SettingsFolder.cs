using System.Collections;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Silo.Tests.Settings;

/// <summary>A working folder with or without settings files, and an environment.</summary>
internal sealed class SettingsFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public Dictionary<string, string> Environment { get; } = [];

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public void Write(string name, string text) => File.WriteAllText(Path(name), text);

    public SiloSettings Read(params string[] arguments) => SettingsSources.Read(arguments, (IDictionary)Environment, _folder.FullName);

    /// <summary>The mistakes, as they are printed.</summary>
    public string[] Mistakes(params string[] arguments)
    {
        var exception = Assert.Throws<SettingsException>(() => Read(arguments));
        string[] mistakes = [.. exception.Mistakes.Select(mistake => mistake.ToString())];
        Assert.All(mistakes, mistake => Assert.Contains(mistake, exception.Message, StringComparison.Ordinal));
        return mistakes;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
