using Parquet;
using Parquet.Schema;

namespace MaskRcnn.Client.Exports.Formats;

/// <summary>Rows of a table of detections, by column, until they are enough for a row group.</summary>
internal sealed class DetectionRows
{
    /// <summary>Most rows of a group.</summary>
    public const int MostRows = 65_536;

    private const int MostCountsCharacters = 32 << 20;

    private readonly List<Column> _columns = [];
    private int _countsCharacters;

    public DetectionRows(bool withKeypoints)
    {
        Text("image", (image, _) => image.Name);
        _columns.Add(new OptionalColumn<long>("image_id", (image, _) => image.Id));
        Number("width", (image, _) => image.Width);
        Number("height", (image, _) => image.Height);
        Number("instance", (_, instance) => instance.Number);
        Number("category_id", (_, instance) => instance.CategoryId);
        Text("category", (_, instance) => instance.Category);
        Number("score", (_, instance) => (float)instance.Score);
        Number("bbox_x", (_, instance) => (float)instance.Box.X);
        Number("bbox_y", (_, instance) => (float)instance.Box.Y);
        Number("bbox_width", (_, instance) => (float)instance.Box.Width);
        Number("bbox_height", (_, instance) => (float)instance.Box.Height);
        Number("area", (_, instance) => instance.Area);
        _columns.Add(new TextColumn("mask_counts", isOptional: true, (_, instance) => instance.Counts));
        if (withKeypoints) _columns.Add(new KeypointsColumn());
        Schema = new ParquetSchema(_columns.Select(column => column.Field));
    }

    public ParquetSchema Schema { get; }

    public int Count { get; private set; }

    public bool IsFull => Count == MostRows || _countsCharacters >= MostCountsCharacters;

    public void Add(ExportImage image, ExportInstance instance)
    {
        foreach (Column column in _columns) column.Add(image, instance);
        _countsCharacters += instance.Counts?.Length ?? 0;
        Count++;
    }

    /// <summary>Writes the rows as a group, and is empty then.</summary>
    public async Task WriteAsync(ParquetWriter writer, CancellationToken cancellation)
    {
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach (Column column in _columns) await column.WriteAsync(group, cancellation).ConfigureAwait(false);
        (Count, _countsCharacters) = (0, 0);
    }

    private void Text(string name, Func<ExportImage, ExportInstance, string> value) => _columns.Add(new TextColumn(name, isOptional: false, value));

    private void Number<T>(string name, Func<ExportImage, ExportInstance, T> value) where T : struct => _columns.Add(new NumberColumn<T>(name, value));

    private abstract class Column(Field schema)
    {
        public Field Field => schema;

        public abstract void Add(ExportImage image, ExportInstance instance);

        public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation);
    }

    private sealed class NumberColumn<T>(string name, Func<ExportImage, ExportInstance, T> value) : Column(new DataField<T>(name)) where T : struct
    {
        private readonly List<T> _values = [];

        public override void Add(ExportImage image, ExportInstance instance) => _values.Add(value(image, instance));

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        {
            await group.WriteAsync<T>((DataField)Field, _values.ToArray(), cancellationToken: cancellation).ConfigureAwait(false);
            _values.Clear();
        }
    }

    private sealed class OptionalColumn<T>(string name, Func<ExportImage, ExportInstance, T?> value) : Column(new DataField<T?>(name)) where T : struct
    {
        private readonly List<T?> _values = [];

        public override void Add(ExportImage image, ExportInstance instance) => _values.Add(value(image, instance));

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        {
            await group.WriteAsync<T>((DataField)Field, _values.ToArray(), cancellationToken: cancellation).ConfigureAwait(false);
            _values.Clear();
        }
    }

    private sealed class TextColumn(string name, bool isOptional, Func<ExportImage, ExportInstance, string?> value) : Column(new DataField(name, typeof(string), isOptional))
    {
        private readonly List<string?> _values = [];

        public override void Add(ExportImage image, ExportInstance instance) => _values.Add(value(image, instance));

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        {
            await group.WriteAsync((DataField)Field, _values!).ConfigureAwait(false);
            _values.Clear();
        }
    }

    /// <summary>A list of numbers a row; null for a detection without.</summary>
    private sealed class KeypointsColumn() : Column(new ListField("keypoints", new DataField("element", typeof(float), isNullable: false)))
    {
        private readonly List<float> _values = [];

        // 0 begins a row's list, 1 goes on with it.
        private readonly List<int> _repetitions = [];

        // 0 where there is no list, the greatest where there is a number.
        private readonly List<int> _definitions = [];

        private DataField Element => (DataField)((ListField)Field).Item;

        public override void Add(ExportImage image, ExportInstance instance)
        {
            float[] values = instance.Keypoints is { } keypoints ? [.. keypoints.Select(value => (float)value)] : [];
            _values.AddRange(values);
            for (int i = 0; i < Math.Max(1, values.Length); i++)
            {
                _repetitions.Add(i == 0 ? 0 : 1);
                _definitions.Add(values.Length == 0 ? 0 : Element.MaxDefinitionLevel);
            }
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellation)
        {
            await group.WriteAllPartsAsync<float>(Element, _values.ToArray(), _definitions.ToArray(), _repetitions.ToArray(), cancellation).ConfigureAwait(false);
            _values.Clear();
            _repetitions.Clear();
            _definitions.Clear();
        }
    }
}
