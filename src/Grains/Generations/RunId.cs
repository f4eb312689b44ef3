using System.Globalization;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Generations;

/// <summary>What the grains of one generation of a job are called: the first one's by the job's id, later ones' <c>&lt;job&gt;@2</c> and so on.</summary>
internal static class RunId
{
    private const char Separator = '@';

    /// <summary>The id of a generation.</summary>
    public static string Of(string job, int generation) => generation == 1 ? job : string.Create(CultureInfo.InvariantCulture, $"{job}{Separator}{generation}");

    /// <summary>The job and its generation, from 1.</summary>
    /// <exception cref="JobNotFoundException">It is not such an id.</exception>
    public static (string Job, int Generation) Parse(string run)
    {
        // No id of a job has the separator.
        int at = run.IndexOf(Separator, StringComparison.Ordinal);
        if (at < 0) return (run, 1);
        return int.TryParse(run.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int generation) && generation > 1
            ? (run[..at], generation)
            : throw new JobNotFoundException(run);
    }
}
