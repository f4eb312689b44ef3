using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MaskRcnn.Client.Exports;
using MaskRcnn.Storage;

namespace MaskRcnn.Client.Results;

/// <summary>A finished job's result, read from blob storage; no cluster is needed.</summary>
/// <example>
/// <code>
/// JobResults results = await JobResults.OpenAsync("az://results/run/4f1c…");
/// await using Stream report = await results.OpenFileAsync("report.md");
/// ResultImage? image = await results.FindImageAsync("plate1/a01.png");
/// if (image is not null) using (JsonDocument masks = await results.ReadImageAsync(image)) { … }
/// </code>
/// </example>
public sealed class JobResults
{
    /// <summary>The manifest's name below the result.</summary>
    public const string ManifestName = "manifest.json";

    private const string FirstResult = "result/";
    private const string CurrentName = "current.json";
    private const string JobName = "job.json";
    private const string IndexPrefix = "index/";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly IBlobStore _store;
    private readonly string _prefix;

    private JobResults(IBlobStore store, string prefix, byte[] manifestBytes, ResultManifest manifest) =>
        (_store, _prefix, ManifestBytes, Manifest) = (store, prefix, manifestBytes, manifest);

    /// <summary>What the result consists of.</summary>
    public ResultManifest Manifest { get; }

    /// <summary>Where the result is, as a URI or path.</summary>
    public string Location => $"{_store.Location.TrimEnd('/')}/{_prefix.TrimEnd('/')}";

    internal byte[] ManifestBytes { get; }

    /// <summary>Opens the result below a job's folder.</summary>
    /// <param name="output">The job's folder: <c>Output</c> of its status; not its <c>result/</c>.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ResultsNotReadyException">There is none.</exception>
    /// <exception cref="InvalidDataException">Its manifest is damaged.</exception>
    public static Task<JobResults> OpenAsync(string output, CancellationToken cancellation = default) => OpenAsync(BlobStores.Open(output), cancellation);

    /// <inheritdoc cref="OpenAsync(string, CancellationToken)"/>
    /// <param name="store">The job's folder.</param>
    /// <param name="cancellation">Stops it.</param>
    public static Task<JobResults> OpenAsync(IBlobStore store, CancellationToken cancellation = default) => OpenAsync(store, null, cancellation);

    /// <inheritdoc cref="OpenAsync(string, CancellationToken)"/>
    /// <param name="store">The job's folder.</param>
    /// <param name="generation">Whose result, from 1: a job that was retried has that of each time; null: the current one.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<JobResults> OpenAsync(IBlobStore store, int? generation, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (generation is { } number) ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, nameof(generation));
        string prefix = generation is null ? await CurrentAsync(store, cancellation).ConfigureAwait(false) : Folder(generation.Value);
        byte[] manifest;
        try
        {
            manifest = (await store.ReadAsync(prefix + ManifestName, null, cancellation).ConfigureAwait(false)).Data;
        }
        catch (BlobNotFoundException)
        {
            throw new ResultsNotReadyException($"{store.Location.TrimEnd('/')}/{prefix}", null);
        }
        return new JobResults(store, prefix, manifest, ResultManifest.Read(manifest, $"{store.Location.TrimEnd('/')}/{prefix}{ManifestName}"));
    }

    /// <summary>The folder of a generation's result, below the job's folder: <c>result/</c>, <c>result-2/</c>, …</summary>
    /// <param name="generation">The generation, from 1.</param>
    public static string Folder(int generation) => generation == 1 ? FirstResult : string.Create(CultureInfo.InvariantCulture, $"result-{generation}/");

    private static async Task<string> CurrentAsync(IBlobStore store, CancellationToken cancellation)
    {
        string name = $"{store.Location.TrimEnd('/')}/{CurrentName}";
        try
        {
            byte[] json = (await store.ReadAsync(CurrentName, null, cancellation).ConfigureAwait(false)).Data;
            return JsonSerializer.Deserialize<Current>(json, Json) is { Generation: >= 1 and var generation } ? Folder(generation) : throw new InvalidDataException($"{name} names no generation; expected one from 1.");
        }
        catch (BlobNotFoundException)
        {
            return FirstResult;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{name} is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Opens a file of the result: <c>masks.tar</c>, <c>detections.json</c>, <c>report.json</c>, <c>report.md</c>, <c>errors.jsonl</c>, …</summary>
    /// <param name="name">Its name below <c>result/</c>, as in the manifest.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="BlobNotFoundException">There is no such file.</exception>
    public Task<Stream> OpenFileAsync(string name, CancellationToken cancellation = default) => _store.OpenReadAsync(_prefix + name, null, cancellation);

    /// <summary>Reads a small file of the result as JSON, such as <c>report.json</c>.</summary>
    /// <inheritdoc cref="OpenFileAsync"/>
    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    public async Task<JsonDocument> ReadJsonAsync(string name, CancellationToken cancellation = default) =>
        Parse((await _store.ReadAsync(_prefix + name, null, cancellation).ConfigureAwait(false)).Data, name);

    /// <summary>Lists the images in ordinal order of their names; pages of the index are read as they are needed.</summary>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InvalidDataException">A page is damaged.</exception>
    public async IAsyncEnumerable<ResultImage> ListImagesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        int pages = Manifest.Files.Count(file => file.Name.StartsWith(IndexPrefix, StringComparison.Ordinal) && file.Name != IndexList.Name);
        for (int page = 0; page < pages; page++)
        {
            foreach (ResultImage row in await ReadPageAsync(PageName(page), cancellation).ConfigureAwait(false)) yield return row;
        }
    }

    /// <summary>Finds an image by its path below the collection; null when it is not there. Reads the list of pages and one page.</summary>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public async Task<ResultImage?> FindImageAsync(string image, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(image);
        IReadOnlyList<PageRange> ranges = (await ReadAsync<IndexList>(IndexList.Name, cancellation).ConfigureAwait(false)).Pages
            ?? throw new InvalidDataException($"{Location}/{IndexList.Name} has no 'pages'; expected the list of the index's pages.");
        for (int low = 0, high = ranges.Count - 1; low <= high;)
        {
            int middle = low + ((high - low) / 2);
            if (string.CompareOrdinal(image, ranges[middle].First) < 0) high = middle - 1;
            else if (string.CompareOrdinal(image, ranges[middle].Last) > 0) low = middle + 1;
            else return (await ReadPageAsync(PageName(middle), cancellation).ConfigureAwait(false)).FirstOrDefault(row => row.Image == image);
        }
        return null;
    }

    /// <summary>Reads an image's instances (boxes, scores, categories, masks) by one ranged read of <c>masks.tar</c>; null when it has none, as it failed.</summary>
    /// <exception cref="InvalidDataException">The archive does not hold what the index says.</exception>
    public async Task<JsonDocument?> ReadImageAsync(ResultImage image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image is not { Offset: { } offset, Length: > 0 and { } length }) return null;
        return Parse(await RangeAsync("masks.tar", offset, length, cancellation).ConfigureAwait(false), $"masks.tar, {image.Image}");
    }

    /// <summary>Reads an image's thumbnail, as the bytes of a picture file; null when it has none.</summary>
    /// <exception cref="InvalidDataException">The archive does not hold what the index says.</exception>
    public async Task<byte[]?> ReadThumbnailAsync(ResultImage image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Thumbnail is not { } thumbnail) return null;
        string pack = string.Create(CultureInfo.InvariantCulture, $"thumbnails/{thumbnail.Pack:D5}.tar");
        return await RangeAsync(pack, thumbnail.Offset, thumbnail.Length, cancellation).ConfigureAwait(false);
    }

    /// <summary>Copies the result's files to a local folder, each checked against its size and hash; the manifest comes last.</summary>
    /// <param name="folder">The folder; made if it is not there. Files of the result that are there are replaced.</param>
    /// <param name="progress">Is told the bytes copied so far; null: nobody.</param>
    /// <param name="cancellation">Stops it; files are there whole or not at all.</param>
    /// <exception cref="InvalidDataException">A file is not what the manifest says.</exception>
    public Task DownloadAsync(string folder, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        new ResultDownload(this, folder, progress).RunAsync(cancellation);

    /// <summary>Exports the result in another format. It is read once, and memory does not grow with its images. See docs/export.md.</summary>
    /// <param name="output">Where to: a folder, <c>az://container/prefix</c> or <c>https://…</c>.</param>
    /// <param name="options">What, and how.</param>
    /// <param name="cancellation">Stops it; files are there whole or not at all, and <c>export.json</c>, which says that all are, is not.</param>
    /// <exception cref="ExportException">The result cannot be exported in this format.</exception>
    /// <exception cref="ExportExistsException">Something else is there.</exception>
    /// <exception cref="InvalidDataException">The result is damaged.</exception>
    /// <exception cref="ArgumentException">An option is not possible, or names a category that the job does not have.</exception>
    /// <example>
    /// <code>
    /// JobResults results = await JobResults.OpenAsync("results/20261122-153000-k3f9x2");
    /// ExportReport report = await results.ExportAsync("photos-coco", new ExportOptions { Format = ExportFormat.Coco, ScoreThreshold = .5 });
    /// </code>
    /// </example>
    public Task<ExportReport> ExportAsync(string output, ExportOptions options, CancellationToken cancellation = default) => ExportAsync(BlobStores.Open(output), options, cancellation);

    /// <inheritdoc cref="ExportAsync(string, ExportOptions, CancellationToken)"/>
    public Task<ExportReport> ExportAsync(IBlobStore output, ExportOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        return new ResultExport(this, output, options).RunAsync(cancellation);
    }

    /// <summary>What the job was asked for: the <c>job.json</c> of its folder.</summary>
    internal async Task<JsonDocument> ReadJobAsync(CancellationToken cancellation)
    {
        BlobContent content = await _store.ReadAsync(JobName, null, cancellation).ConfigureAwait(false);
        try
        {
            return JsonDocument.Parse(content.Data);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{_store.Location.TrimEnd('/')}/{JobName} is no JSON: {exception.Message}", exception);
        }
    }

    private static string PageName(int page) => string.Create(CultureInfo.InvariantCulture, $"{IndexPrefix}{page:D8}.json");

    private async Task<IReadOnlyList<ResultImage>> ReadPageAsync(string name, CancellationToken cancellation) =>
        (await ReadAsync<IndexPage>(name, cancellation).ConfigureAwait(false)).Rows ?? throw new InvalidDataException($"{Location}/{name} has no 'rows'; expected a page of the index.");

    private async Task<T> ReadAsync<T>(string name, CancellationToken cancellation) where T : class
    {
        byte[] json = (await _store.ReadAsync(_prefix + name, null, cancellation).ConfigureAwait(false)).Data;
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json) ?? throw new InvalidDataException($"{Location}/{name} is 'null'; expected a part of the index.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{Location}/{name} is no part of the index: {exception.Message}", exception);
        }
    }

    private async Task<byte[]> RangeAsync(string name, long offset, long length, CancellationToken cancellation)
    {
        byte[] data = (await _store.ReadAsync(_prefix + name, new BlobReadOptions { Offset = offset, Length = length }, cancellation).ConfigureAwait(false)).Data;
        return data.Length == length ? data : throw new InvalidDataException($"{Location}/{name} ends after {offset + data.Length} bytes; the index expects {offset + length}. It is damaged, or of another run.");
    }

    private JsonDocument Parse(byte[] json, string name)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{Location}/{name} is no JSON: {exception.Message}", exception);
        }
    }

    private sealed record Current(int Generation);

    private sealed record IndexList(IReadOnlyList<PageRange>? Pages)
    {
        public const string Name = IndexPrefix + "index.json";
    }

    private sealed record PageRange(string First, string Last);

    private sealed record IndexPage(IReadOnlyList<ResultImage>? Rows);
}
