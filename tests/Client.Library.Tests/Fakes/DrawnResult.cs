using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Storage;

namespace MaskRcnn.Client.Library.Tests.Fakes;

/// <summary>A detection whose mask is drawn: a line of text a row, '#' for the object; null for a model without masks.</summary>
internal sealed record DrawnInstance(long CategoryId, double Score, string[]? Mask, double[]? Box = null)
{
    public double[]? Keypoints { get; init; }

    public double[] Bbox => Box ?? Bounds(Mask!);

    private static double[] Bounds(string[] mask)
    {
        (int X, int Y)[] pixels = [.. mask.SelectMany((row, y) => row.Select((pixel, x) => (pixel, x, y))).Where(p => p.pixel == '#').Select(p => (p.x, p.y))];
        if (pixels.Length == 0) return [0, 0, 1, 1];
        int left = pixels.Min(p => p.X), top = pixels.Min(p => p.Y);
        return [left, top, pixels.Max(p => p.X) - left + 1, pixels.Max(p => p.Y) - top + 1];
    }
}

/// <summary>An image; one with a cause has no result.</summary>
internal sealed record DrawnImage(string Name, long? Id, int Width, int Height, DrawnInstance[] Instances, string? Cause = null);

/// <summary>A result of drawn images, with its archive by .NET's own tar writer.</summary>
internal sealed class DrawnResult(params DrawnImage[] images)
{
    public const int PageRows = 2;

    public IReadOnlyList<DrawnImage> Images => images;

    public Dictionary<long, string> Categories { get; init; } = new() { [1] = "nucleus", [7] = "red \"big\" cell" };

    public string[] IouTypes { get; init; } = ["bbox", "segm"];

    /// <summary>Whether its manifest has the categories, as it does today; else the job's document.</summary>
    public bool IsOfToday { get; init; } = true;

    /// <summary>Six images: two instances that overlap, one with a hole and in two parts, none at all, a failed one, and two that the annotations do not name.</summary>
    public static DrawnResult Small(bool isOfToday = true) => new(
        new DrawnImage("a.png", 5, 6, 4,
        [
            new DrawnInstance(1, .9, ["......", ".###..", ".###..", "......"]),
            new DrawnInstance(7, .5, ["......", "..###.", "..###.", "..###."]),
        ]),
        new DrawnImage("b/c.jpg", 9, 7, 5, [new DrawnInstance(7, .25, ["###....", "#.#..##", "###..##", ".......", "......."])]),
        new DrawnImage("b/ç d.png", 2, 3, 2, []),
        new DrawnImage("broken.png", 4, 0, 0, [], "damaged"),
        new DrawnImage("x.png", null, 3, 3, [new DrawnInstance(1, .75, ["##.", "##.", "..."]), new DrawnInstance(1, .5, ["#..", "...", "..."]), new DrawnInstance(1, .125, ["...", "...", "..."])]),
        new DrawnImage("y.png", null, 2, 5, [new DrawnInstance(1, 1, ["##", "##", "##", "##", "##"])])) { IsOfToday = isOfToday };

    public async Task<IBlobStore> WriteAsync(IBlobStore store)
    {
        List<object> rows = [];
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, leaveOpen: true))
        {
            foreach (DrawnImage image in images)
            {
                if (image.Cause is { } cause)
                {
                    rows.Add(new { image = image.Name, id = image.Id, instances = 0, cause });
                    continue;
                }
                byte[] json = Encoding.UTF8.GetBytes(Json(image) + "\n");
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, image.Name + ".json") { DataStream = new MemoryStream(json), ModificationTime = DateTimeOffset.UnixEpoch });
                long offset = archive.Position - ((json.Length + 511) / 512 * 512);
                rows.Add(new { image = image.Name, id = image.Id, width = image.Width, height = image.Height, offset, length = json.Length, instances = image.Instances.Length });
            }
        }
        var files = new Dictionary<string, byte[]> { ["masks.tar"] = archive.ToArray() };
        for (int page = 0; page * PageRows < rows.Count; page++)
            files[$"index/{page:D8}.json"] = JsonSerializer.SerializeToUtf8Bytes(new { schema = 1, page, first = page * PageRows, rows = rows.Skip(page * PageRows).Take(PageRows) });
        foreach ((string name, byte[] content) in files) await PutAsync(store, "result/" + name, content);
        var categories = Categories.Select((c, i) => new { label = i + 1, id = c.Key, name = c.Value });
        var manifest = new Dictionary<string, object>
        {
            ["schema"] = 1,
            ["job"] = "20261122-153000-k3f9x2",
            ["name"] = "photos",
            ["model"] = new { iouTypes = IouTypes },
            ["files"] = files.Select(file => new { name = file.Key, size = file.Value.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Value)), etag = "1" }),
        };
        if (IsOfToday) manifest["categories"] = categories;
        await PutAsync(store, "result/manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest));
        if (!IsOfToday) await PutAsync(store, "job.json", JsonSerializer.SerializeToUtf8Bytes(new { schema = 1, categories }));
        return store;
    }

    public static async Task PutAsync(IBlobStore store, string name, byte[] content) =>
        await store.WriteAsync(name, content, WriteCondition.None, "hand", CancellationToken.None);

    /// <summary>The mask's rows as COCO's string.</summary>
    public static string Counts(string[] mask)
    {
        byte[] pixels = [.. mask.SelectMany(row => row.Select(pixel => (byte)(pixel == '#' ? 1 : 0)))];
        return RleDense.Encode(pixels, mask.Length, mask[0].Length).ToCompressed();
    }

    private string Json(DrawnImage image) => JsonSerializer.Serialize(new
    {
        image = image.Name,
        id = image.Id,
        width = image.Width,
        height = image.Height,
        instances = image.Instances.Select(instance =>
        {
            var members = new Dictionary<string, object> { ["category_id"] = instance.CategoryId, ["category"] = Categories[instance.CategoryId], ["bbox"] = instance.Bbox, ["score"] = instance.Score };
            if (instance.Mask is { } mask) members["segmentation"] = new { size = new[] { image.Height, image.Width }, counts = Counts(mask) };
            if (instance.Keypoints is { } keypoints) members["keypoints"] = keypoints;
            return members;
        }),
    });
}
