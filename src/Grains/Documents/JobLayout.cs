using System.Globalization;

namespace MaskRcnn.Grains.Documents;

/// <summary>Names of blobs below a job's folder and below the state root; see docs/jobs.md.</summary>
public static class JobLayout
{
    /// <summary>The specification.</summary>
    public const string Job = "job.json";

    /// <summary>The end of the listing.</summary>
    public const string Listing = "listing.json";

    /// <summary>How the job ended.</summary>
    public const string End = "end.json";

    /// <summary>When it started, and when it should be done.</summary>
    public const string Start = "start.json";

    /// <summary>What is in the result of a job that ended before its work was done.</summary>
    public const string Finished = "finished.json";

    /// <summary>There while the job is paused.</summary>
    public const string Pause = "pause.json";

    /// <summary>Prefix of all segments.</summary>
    public const string Segments = "segments/";

    /// <summary>Prefix of all commit records.</summary>
    public const string Commits = "commits/";

    /// <summary>Prefix of all segments' annotations.</summary>
    public const string GroundTruths = "groundtruth/";

    /// <summary>Prefix of what belongs to generations after the first.</summary>
    public const string Generations = "generations/";

    /// <summary>Prefix of all parts.</summary>
    public const string Parts = "parts/";

    /// <summary>Prefix of the result.</summary>
    public const string Result = "result/";

    /// <summary>The result's list of contents, written last.</summary>
    public const string Manifest = "result/manifest.json";

    /// <summary>Which generation's result is the job's.</summary>
    public const string Current = "current.json";

    /// <summary>There when the attempts' parts are being deleted, or are.</summary>
    public const string PartsDeleted = "parts-deleted.json";

    /// <summary>The beginning of a generation after the first.</summary>
    public static string Generation(int generation) => string.Create(CultureInfo.InvariantCulture, $"{Generations}{generation}.json");

    /// <summary>Prefix of the documents of a generation after the first.</summary>
    public static string GenerationFolder(int generation) => string.Create(CultureInfo.InvariantCulture, $"{Generations}{generation}/");

    /// <summary>A generation's manifest.</summary>
    public static string ManifestOf(int generation) => ResultFolder(generation) + Manifest[Result.Length..];

    /// <summary>Prefix of a generation's result.</summary>
    public static string ResultFolder(int generation) => generation == 1 ? Result : string.Create(CultureInfo.InvariantCulture, $"result-{generation}/");

    /// <summary>A page of the listing.</summary>
    public static string Segment(int index) => Segments + Number(index) + ".json";

    /// <summary>The annotations of a segment's images.</summary>
    public static string GroundTruth(int segment) => GroundTruths + Number(segment) + ".json";

    /// <summary>The id of a planned shard.</summary>
    public static string ShardId(int planned) => Number(planned);

    /// <summary>The commit record of a shard.</summary>
    public static string Commit(string shard) => Commits + shard + ".json";

    /// <summary>A part of an attempt.</summary>
    public static string Part(string shard, string attempt, string part) => Parts + shard + "/" + attempt + "/" + part;

    /// <summary>Below the state root: where a job writes.</summary>
    public static string JobPointer(string job) => "jobs/" + job + ".json";

    /// <summary>Below the state root: which job has a name.</summary>
    public static string JobName(string name) => "names/" + Uri.EscapeDataString(name) + ".json";

    private static string Number(int index) => index.ToString("D8", CultureInfo.InvariantCulture);
}
