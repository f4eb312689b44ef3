using System.Text.Json;
using MaskRcnn.Client.Results;

namespace MaskRcnn.Client.Exports;

/// <summary>A category of the job.</summary>
/// <param name="Id">Its id in the result.</param>
/// <param name="Name">Its name.</param>
internal sealed record ExportCategory(long Id, string Name)
{
    private const string Member = "categories";

    /// <summary>The job's categories by ascending id: those of the manifest, else (of jobs before it had them) of the job's document.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public static async Task<IReadOnlyList<ExportCategory>> ReadAsync(JobResults results, CancellationToken cancellation)
    {
        if (results.Manifest.Document.TryGetProperty(Member, out _)) return Parse(results.Manifest.Document, $"{results.Location}/{JobResults.ManifestName}");
        using JsonDocument job = await results.ReadJobAsync(cancellation).ConfigureAwait(false);
        return Parse(job.RootElement, $"The job.json of the job whose result is {results.Location}");
    }

    private static IReadOnlyList<ExportCategory> Parse(JsonElement document, string what)
    {
        try
        {
            return [.. document.GetProperty(Member).EnumerateArray()
                .Select(category => new ExportCategory(category.GetProperty("id").GetInt64(), category.GetProperty("name").GetString()!))
                .DistinctBy(category => category.Id).OrderBy(category => category.Id)];
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{what} does not name the job's categories; expected \"categories\" with \"id\" and \"name\": {exception.Message}", exception);
        }
    }

    /// <summary>The ids of categories that are named by name or id; null for none named: all.</summary>
    /// <exception cref="ArgumentException">One is not the job's.</exception>
    public static HashSet<long>? Choose(IReadOnlyList<ExportCategory> categories, IReadOnlyList<string> named)
    {
        if (named.Count == 0) return null;
        var chosen = new HashSet<long>();
        foreach (string name in named)
        {
            // A name may be a number, and then means that name.
            ExportCategory category = categories.FirstOrDefault(c => c.Name == name)
                ?? categories.FirstOrDefault(c => c.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == name)
                ?? throw new ArgumentException($"The job has no category '{name}'; expected names or ids of {string.Join(", ", categories.Take(100).Select(c => $"'{c.Name}' ({c.Id})"))}{(categories.Count > 100 ? ", …" : "")}.");
            chosen.Add(category.Id);
        }
        return chosen;
    }
}
