using System.Text;
using System.Text.Json;
using MaskRcnn.Client.Jobs;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>The files of a result that do not depend on the run.</summary>
internal sealed class ResultFiles
{
    public static readonly string[] Names = ["masks.tar", "detections.json", "report.json", "report.md", "errors.jsonl"];

    private readonly Dictionary<string, byte[]> _files;

    public ResultFiles(string folder) => (Folder, _files) = (folder, Names.ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name))));

    public string Folder { get; }

    public byte[] this[string name] => _files[name];

    public JsonElement Report => JsonDocument.Parse(this["report.json"]).RootElement;

    public IReadOnlyList<JsonElement> Errors =>
        [.. Encoding.UTF8.GetString(this["errors.jsonl"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public static ResultFiles Read(JobHandle job) => new(Path.Combine(job.Output, "result"));

    /// <summary>Byte for byte.</summary>
    public void AreThoseOf(ResultFiles other) => Assert.Empty(DifferencesTo(other));

    /// <summary>What is not the same, byte for byte.</summary>
    public IEnumerable<string> DifferencesTo(ResultFiles other) => Names.Where(name => !this[name].AsSpan().SequenceEqual(other[name]))
        .Select(name => $"{Folder}/{name} has {this[name].Length} bytes and is not the {other[name].Length} bytes of {other.Folder}.");
}
