using System.Text.Encodings.Web;
using System.Text.Json;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>
/// Writes what one attempt makes of one shard: parts while images come, then the evaluation, then the commit record. All
/// work is on the calling thread. Not for use by two threads at once. Dispose of it in any case; without a commit its
/// parts are orphans that no record names.
/// </summary>
public sealed class ShardWriter : IAsyncDisposable
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly PatientStore _store;
    private readonly ShardRange _range;
    private readonly ShardWriterOptions _options;
    private DateTimeOffset _started;
    private readonly List<PartWriter> _parts = [];
    private readonly PartWriter _masks, _detections, _errors, _index, _thumbnails, _timings;
    private readonly Utf8JsonWriter _indexJson, _timingsJson;
    private readonly ShardEvaluation? _evaluation;
    private readonly List<(IndexEntry Entry, bool Evaluated)> _unmatched = [];
    private string? _last;
    private int _done, _failed;
    private long _found, _evaluated;
    private bool _broken;

    /// <summary>Begins an attempt; nothing is written yet.</summary>
    /// <param name="jobStore">The job's folder.</param>
    /// <param name="job">The job.</param>
    /// <param name="range">The shard.</param>
    /// <param name="attempt">The attempt's random id.</param>
    /// <param name="options">The worker, the ground truth, the clock.</param>
    /// <exception cref="ArgumentException">The job has annotations and there is no ground truth, or its categories are not in it.</exception>
    public ShardWriter(IBlobStore jobStore, JobDocument job, ShardRange range, string attempt, ShardWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(range);
        ArgumentException.ThrowIfNullOrEmpty(attempt);
        ArgumentNullException.ThrowIfNull(options);
        if (job.Specification.Annotations is not null && options.GroundTruth is null)
            throw new ArgumentException($"Job {job.Job} has annotations, and shard {range.Id} no ground truth; expected that of segment {range.Segment}.", nameof(options));
        _store = new PatientStore(jobStore, attempt, options.Time, options.FirstWait);
        (_range, _options) = (range, options);
        _started = options.Started ?? options.Time.GetUtcNow();
        _evaluation = options.GroundTruth is { } groundTruth ? new ShardEvaluation(job, range.Id, groundTruth) : null;
        _detections = Part(ShardParts.Detections);
        _errors = Part(ShardParts.Errors);
        _index = Part(ShardParts.Index);
        _masks = Part(ShardParts.Masks);
        _thumbnails = Part(ShardParts.Thumbnails);
        _timings = Part(ShardParts.Timings);
        _indexJson = new Utf8JsonWriter(_index, Json);
        _timingsJson = new Utf8JsonWriter(_timings, Json);
    }

    /// <summary>Images so far.</summary>
    public int Count => _done + _failed;

    /// <summary>The first image is about to be read: what went before, such as loading the model, is not of the attempt's time.</summary>
    public void Begin() => _started = _options.Started ?? _options.Time.GetUtcNow();

    /// <summary>Takes the shard's next image.</summary>
    /// <param name="image">The image, whose name is after that of the last.</param>
    /// <param name="cancellation">Stops it; the attempt is lost then.</param>
    /// <exception cref="IOException">The store failed; the attempt is lost.</exception>
    /// <exception cref="Coco.Json.CocoFormatException">The ground truth does not fit the image, such as in its size.</exception>
    /// <exception cref="InvalidOperationException">The image is not the next one.</exception>
    public async ValueTask AddAsync(EncodedImage image, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckWhole();
        if (Count == _range.Count) throw new InvalidOperationException($"Shard {_range.Id} has {_range.Count} images; '{image.Image.Name}' is one more.");
        if (_last is not null && string.CompareOrdinal(image.Image.Name, _last) <= 0)
            throw new InvalidOperationException($"Shard {_range.Id}: '{image.Image.Name}' follows '{_last}'; expected ascending names.");
        _last = image.Image.Name;
        _broken = true; // until all of it is in
        AddIndex(AddResult(image), image, cancellation);
        AddTimings(image);
        foreach (PartWriter part in _parts) await part.SpillAsync(cancellation);
        _broken = false;
    }

    /// <summary>Evaluates, and writes all parts.</summary>
    /// <param name="cancellation">Stops it; the attempt is lost then.</param>
    /// <returns>The record for <see cref="CommitAsync"/>; it is not put yet.</returns>
    /// <exception cref="InvalidOperationException">Images are missing, or an earlier call failed.</exception>
    /// <inheritdoc cref="AddAsync"/>
    public async Task<CommitRecord> FinishAsync(CancellationToken cancellation)
    {
        CheckWhole();
        if (Count != _range.Count) throw new InvalidOperationException($"Shard {_range.Id} has {_range.Count} images, of which {Count} came.");
        return await WritePartsAsync(cancellation);
    }

    /// <summary>The same in the middle of the shard: what came becomes its first child, and what did not its second.</summary>
    /// <param name="cancellation">Stops it; the attempt is lost then.</param>
    /// <returns>
    /// Two records for <see cref="CommitAsync"/>, in this order: the shard's split, and then, only if that is this attempt's, the first
    /// child's. None is put yet.
    /// </returns>
    /// <exception cref="InvalidOperationException">No image came, or all of them, or an earlier call failed.</exception>
    /// <inheritdoc cref="AddAsync"/>
    public async Task<(CommitRecord Split, CommitRecord Prefix)> FinishPrefixAsync(CancellationToken cancellation)
    {
        CheckWhole();
        if (Count == 0 || Count == _range.Count) throw new InvalidOperationException($"Shard {_range.Id} has {_range.Count} images, of which {Count} came; expected some, and not all.");
        CommitRecord prefix = await WritePartsAsync(cancellation);
        return (CommitRules.Leave(_range, _store.Attempt, Count, prefix.Run!), prefix with { Shard = _range.Id + ".0", Count = Count, PartsOf = _range.Id });
    }

    private async Task<CommitRecord> WritePartsAsync(CancellationToken cancellation)
    {
        _broken = true;
        MatchImages(cancellation);
        if (_evaluation is { ImageCount: > 0 })
        {
            for (int type = 0; type < _evaluation.Types.Count; type++)
            {
                using var stream = new MemoryStream();
                _evaluation.WriteTo(type, stream);
                Part(ShardParts.Evaluation(_evaluation.Types[type])).Append(stream.GetBuffer().AsSpan(0, (int)stream.Length));
            }
        }
        List<PartReference> references = [];
        foreach (PartWriter part in _parts.OrderBy(part => part.Name, StringComparer.Ordinal))
        {
            if (await part.FinishAsync(cancellation) is { } reference) references.Add(reference);
        }
        return new CommitRecord
        {
            Shard = _range.Id,
            Segment = _range.Segment,
            First = _range.First,
            Count = _range.Count,
            Attempt = _store.Attempt,
            Parts = references,
            Done = _done,
            Failed = _failed,
            Detections = _found,
            EvaluatedDetections = _evaluated,
            Run = new RunDetails(_options.Worker, _started, _options.Time.GetUtcNow(), _options.Threads),
        };
    }

    /// <summary>What the store said last when the outcome of <see cref="CommitAsync"/> is unknown.</summary>
    public Exception? CommitFailure { get; private set; }

    /// <summary>Makes the attempt the shard's result, if no other record is there. If one is, this attempt's parts are deleted.</summary>
    /// <param name="record">What <see cref="FinishAsync"/> or <see cref="FinishPrefixAsync"/> returned.</param>
    /// <param name="cancellation">Stops it; the outcome is then unknown.</param>
    public async Task<CommitOutcome> CommitAsync(CommitRecord record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        string name = JobLayout.Commit(record.Shard);
        (WriteResult result, CommitFailure) = await _store.WriteAsync(name, DocumentJson.Write(record), cancellation);
        if (result.IsMine) return CommitOutcome.Mine;
        if (result.Outcome == WriteOutcome.Unknown) return CommitOutcome.Unknown;
        // Parts that are the result must never be deleted, whatever the store says of metadata: the record itself decides.
        try
        {
            BlobContent content = await _store.Store.ReadAsync(name, null, cancellation);
            if (DocumentJson.Read<CommitRecord>(content.Data, name).Attempt == _store.Attempt) return CommitOutcome.Mine;
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or DocumentException)
        {
            return CommitOutcome.Anothers;
        }
        await DeletePartsAsync(cancellation);
        return CommitOutcome.Anothers;
    }

    /// <summary>Deletes the parts of an attempt that is given up before its commit; what cannot be deleted stays for the reducer.</summary>
    /// <param name="cancellation">Stops it.</param>
    public async Task DeletePartsAsync(CancellationToken cancellation)
    {
        foreach (PartWriter part in _parts.Where(part => part.Length > 0))
        {
            try
            {
                await _store.Store.DeleteAsync(part.Name, null, cancellation);
            }
            catch (Exception exception) when (exception is IOException or TimeoutException)
            {
                // An orphan: no record names it.
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _broken = true;
        // The writers first: they write what an interrupted line left.
        await _indexJson.DisposeAsync();
        await _timingsJson.DisposeAsync();
        foreach (PartWriter part in _parts) await part.DisposeAsync();
    }

    private PartWriter Part(string part)
    {
        var writer = new PartWriter(_store, JobLayout.Part(_range.Id, _store.Attempt, part));
        _parts.Add(writer);
        return writer;
    }

    private void CheckWhole()
    {
        if (_broken) throw new InvalidOperationException($"Shard {_range.Id}: attempt {_store.Attempt} is finished or has failed; begin another.");
    }

    private IndexEntry AddResult(EncodedImage image)
    {
        EncodedImage kept = image with { Json = default, Detections = default, Png = default, Thumbnail = default };
        if (image.Error is { } error)
        {
            _failed++;
            _errors.Append(DocumentJson.Write(error));
            _errors.Append("\n"u8);
            return new IndexEntry(kept, 0, 0, 0, 0);
        }
        _done++;
        _found += image.Instances;
        string name = image.Image.Name;
        long offset = _masks.AppendEntry(name + ".json", image.Json.Span);
        if (!image.Png.IsEmpty) _masks.AppendEntry(name + ".png", image.Png.Span);
        long thumbnail = image.Thumbnail.IsEmpty ? 0 : _thumbnails.AppendEntry(name + ".jpg", image.Thumbnail.Span);
        if (!image.Detections.IsEmpty)
        {
            _detections.Append(",\n"u8);
            _detections.Append(image.Detections.Span);
        }
        return new IndexEntry(kept, offset, image.Json.Length, thumbnail, image.Thumbnail.Length);
    }

    /// <summary>An image's line waits until the image is matched.</summary>
    private void AddIndex(IndexEntry entry, EncodedImage image, CancellationToken cancellation)
    {
        if (_evaluation is null)
        {
            WriteIndex(entry, null);
            return;
        }
        bool isEvaluated = _evaluation.Add(image);
        if (isEvaluated) _evaluated += image.Instances;
        _unmatched.Add((entry, isEvaluated));
        if (_evaluation.IsFull || _unmatched.Count >= 4096) MatchImages(cancellation);
    }

    private void MatchImages(CancellationToken cancellation)
    {
        if (_evaluation is null) return;
        IReadOnlyList<ImageRow> rows = _evaluation.Match(cancellation);
        int row = 0;
        foreach ((IndexEntry entry, bool evaluated) in _unmatched) WriteIndex(entry, evaluated && rows.Count > 0 ? rows[row++] : null);
        _unmatched.Clear();
    }

    private void WriteIndex(IndexEntry entry, ImageRow? row)
    {
        _indexJson.Reset();
        entry.Write(_indexJson, row);
        _indexJson.Flush();
        _index.Append("\n"u8);
    }

    private void AddTimings(EncodedImage image)
    {
        _timingsJson.Reset();
        _timingsJson.WriteStartObject();
        _timingsJson.WriteString("image"u8, image.Image.Name);
        _timingsJson.WriteNumber("bytes"u8, image.Image.Size);
        Milliseconds("readMs"u8, image.Timings.ReadMs);
        Milliseconds("decodeMs"u8, image.Timings.DecodeMs);
        Milliseconds("inferMs"u8, image.Timings.InferMs);
        Milliseconds("encodeMs"u8, image.Timings.EncodeMs);
        _timingsJson.WriteEndObject();
        _timingsJson.Flush();
        _timings.Append("\n"u8);

        void Milliseconds(ReadOnlySpan<byte> name, double value) => _timingsJson.WriteNumber(name, Math.Round(value, 3));
    }
}
