using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MaskRcnn.Detection.Images;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Jobs;

/// <summary>What the values of a specification have to be. Whether there is anything behind the URIs is another question.</summary>
public static class SpecificationRules
{
    private const int LongestName = 128;
    private const int MostShown = 256;
    private const int MostWeight = 1000;
    private const int MostDeadlineSeconds = 366 * 86_400;
    private const double MostKeepPartsSeconds = 3660.0 * 86_400;
    private static readonly string NameRule = string.Create(CultureInfo.InvariantCulture, $"1 to {LongestName} characters of a–z, A–Z, 0–9, '.', '_' and '-', the first not '.'.");
    private static readonly string[] Precisions = ["fp32", "bf16"];
    private static readonly string[] Schemes = ["file", "az", "s3", "https", "http"];

    /// <summary>Everything that is wrong, a sentence each; empty when nothing is.</summary>
    /// <param name="specification">What is asked for.</param>
    /// <param name="limits">How large it may be; null: the defaults.</param>
    /// <param name="roots">What it may reach; null: everything.</param>
    public static IReadOnlyList<string> Problems(JobSpecification specification, Limits? limits = null, StorageRoots? roots = null)
    {
        ArgumentNullException.ThrowIfNull(specification);
        limits ??= new Limits();
        roots ??= StorageRoots.Everything;
        List<string> problems = [];
        void Require(bool holds, FormattableString problem)
        {
            if (!holds) problems.Add(problem.ToString(CultureInfo.InvariantCulture));
        }

        if (specification.Name is { } name)
        {
            Require(IsName(name), $"name is '{Shortened(name)}'; expected {NameRule}");
        }
        Uri("images", specification.Images);
        Uri("model", specification.Model);
        Uri("output", specification.Output);
        if (specification.Output?.StartsWith("s3://", StringComparison.OrdinalIgnoreCase) == true)
            Require(false, $"output is '{Shortened(BlobUri.WithoutSecrets(specification.Output))}'; expected a folder or Azure Blob Storage (az://container/prefix), as S3-compatible stores are read, and nothing is written to them.");
        if (specification.Annotations is { } annotations) Uri("annotations", annotations);
        if (specification.ImagesRoot is { } root) Uri("imagesRoot", root);
        Require(specification.Source is null || SourceKinds.All.Contains(specification.Source), $"source is '{Shortened(specification.Source)}'; expected {string.Join(", ", SourceKinds.All)}, or none.");
        if (specification.Pattern is { } pattern)
        {
            if (pattern.Length > limits.PatternCharacters) Require(false, $"pattern has {pattern.Length} characters; expected at most {limits.PatternCharacters} (Limits:PatternCharacters).");
            else if (NamePattern.Problem(pattern) is { } wrong) problems.Add($"pattern cannot be: {wrong}.");
        }
        Require(specification.Limit is not < 1, $"limit is {specification.Limit}; expected at least 1.");
        Require(specification.ShardSize is not (< 1 or > 4096), $"shardSize is {specification.ShardSize}; expected 1 to 4096 images.");
        Require(specification.ScoreThreshold is not { } score || score is >= 0 and <= 1, $"scoreThreshold is {specification.ScoreThreshold}; expected 0 to 1.");
        if (specification.EvaluationLimits is { } counts)
        {
            bool ascending = counts.Count > 0 && counts[0] >= 1 && counts.Zip(counts.Skip(1)).All(pair => pair.First < pair.Second);
            Require(counts.Count <= limits.EvaluationLimits, $"evaluationLimits are {counts.Count} numbers; expected at most {limits.EvaluationLimits} (Limits:EvaluationLimits).");
            Require(ascending, $"evaluationLimits are {string.Join(",", counts.Take(20))}; expected one or more numbers from 1, ascending, such as 1,10,100.");
        }
        Require(specification.MaxFailureRate is not { } rate || rate is >= 0 and <= 1, $"maxFailureRate is {specification.MaxFailureRate}; expected 0 to 1.");
        Require(Precisions.Contains(specification.Precision), $"precision is '{Shortened(specification.Precision)}'; expected {string.Join(" or ", Precisions)}.");
        Require(double.IsFinite(specification.ImageSeconds) && specification.ImageSeconds > 0, $"imageSeconds is {specification.ImageSeconds}; expected a number above 0.");
        Require(specification.BatchSize is not (< 1 or > 1024), $"batchSize is {specification.BatchSize}; expected 1 to 1024.");
        Require(specification.Weight is > 0 and <= MostWeight, $"weight is {specification.Weight}; expected more than 0 and at most {MostWeight}.");
        Require(specification.Tenant is not { } tenant || IsName(tenant), $"tenant is '{Shortened(specification.Tenant)}'; expected {NameRule}");
        Require(IsName(specification.Pool), $"pool is '{Shortened(specification.Pool)}'; expected {NameRule}");
        Require(specification.DeadlineSeconds is > 0 and <= MostDeadlineSeconds, $"deadlineSeconds is {specification.DeadlineSeconds}; expected more than 0 and at most {MostDeadlineSeconds}.");
        Require(specification.KeepPartsSeconds is null or >= 0 and <= MostKeepPartsSeconds, $"keepPartsSeconds is {specification.KeepPartsSeconds}; expected 0 to {MostKeepPartsSeconds}, or keepParts to keep them for ever.");
        Require(specification.MaxEvaluationBytes is not < 1, $"maxEvaluationBytes is {specification.MaxEvaluationBytes}; expected at least 1.");
        Require(specification.MaxWorkers is not < 1, $"maxWorkers is {specification.MaxWorkers}; expected at least 1.");
        return problems;

        void Uri(string parameter, string value)
        {
            if (value?.Length > limits.UriCharacters)
            {
                Require(false, $"{parameter} has {value.Length} characters; expected at most {limits.UriCharacters} (Limits:UriCharacters).");
                return;
            }
            string shown = value is null ? "" : BlobUri.WithoutSecrets(value);
            bool isAbsolute = IsAbsolute(value);
            Require(isAbsolute, $"{parameter} is '{shown}'; expected an absolute path, or a URI of {string.Join(", ", Schemes.Select(scheme => scheme + "://"))}.");
            if (isAbsolute && roots.Problem(value!) is { } problem) problems.Add($"{parameter} '{shown}' {problem}.");
        }
    }

    private static string Shortened(string? text) => text is null || text.Length <= MostShown ? text ?? "" : text[..MostShown] + "…";

    /// <summary>Whether a text can be the name of a job, a tenant or a pool.</summary>
    /// <param name="name">The text.</param>
    public static bool IsName([NotNullWhen(true)] string? name) =>
        name?.Length is >= 1 and <= LongestName && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static bool IsAbsolute(string? value)
    {
        if (string.IsNullOrEmpty(value) || value.Contains('\0', StringComparison.Ordinal)) return false;
        int colon = value.IndexOf("://", StringComparison.Ordinal);
        if (colon < 0) return Path.IsPathFullyQualified(value);
        return Schemes.Contains(value[..colon], StringComparer.OrdinalIgnoreCase) && System.Uri.TryCreate(value, UriKind.Absolute, out System.Uri? uri)
            && (uri.IsFile ? uri.AbsolutePath.Length > 1 && uri.Host.Length == 0 : uri.Host.Length > 0);
    }
}
