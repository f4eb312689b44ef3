using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MaskRcnn.Storage;

namespace MaskRcnn.Client.Library.Tests.Fakes;

/// <summary>A result of three images in two pages of the index, written by hand.</summary>
internal static class HandMadeResult
{
    public const string MasksOfB = """{"instances":[{"score":0.9}]}""";

    public static async Task WriteAsync(IBlobStore store)
    {
        string tar = new string('#', 512) + """{"instances":[]}""" + new string('#', 496) + new string('#', 512) + MasksOfB;
        var files = new Dictionary<string, string>
        {
            ["detections.json"] = "[]",
            ["errors.jsonl"] = """{"image":"c.png","shard":"00000001","cause":"damaged","detail":"x"}""" + "\n",
            ["index/00000000.json"] = """
                {"rows":[{"image":"a.png","id":1,"width":4,"height":3,"offset":512,"length":16,"instances":0,"bestScore":null,"matches":0,"misses":2,"falseAlarms":0},
                {"image":"b.png","id":2,"width":4,"height":3,"offset":1536,"length":29,"instances":1,"bestScore":0.9,"matches":1,"misses":0,"falseAlarms":0,"thumbnail":{"pack":0,"offset":2,"length":3}}]}
                """,
            ["index/00000001.json"] = """{"rows":[{"image":"c.png","id":3,"matches":0,"misses":1,"falseAlarms":0,"cause":"damaged"}]}""",
            ["index/index.json"] = """{"schema":1,"rows":3,"pageRows":2,"pageCount":2,"pages":[{"first":"a.png","last":"b.png"},{"first":"c.png","last":"c.png"}]}""",
            ["masks.tar"] = tar,
            ["report.json"] = """{"counts":{"images":3,"done":2,"failed":1},"iouTypes":{"bbox":{"iouType":"bbox","stats":{"AP":0.25,"AP50":0.5}},"segm":{"iouType":"segm","stats":{"AP":0.125,"AP50":0.5}}},"failures":[{"cause":"damaged","count":1,"samples":["c.png"]}]}""",
            ["report.md"] = "# Report\n",
            ["thumbnails/00000.tar"] = "..PNG..",
        };
        foreach ((string name, string text) in files) await PutAsync(store, name, text);
        await PutAsync(store, "manifest.json", Manifest(files.Select(file => (file.Key, file.Value))));
    }

    public static async Task PutAsync(IBlobStore store, string name, string text) =>
        await store.WriteAsync("result/" + name, Encoding.UTF8.GetBytes(text), WriteCondition.None, "hand", CancellationToken.None);

    public static string Manifest(IEnumerable<(string Name, string Text)> files) => JsonSerializer.Serialize(new
    {
        schema = 1,
        files = files.Select(file => new { name = file.Name, size = Encoding.UTF8.GetByteCount(file.Text), sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text))), etag = "1" }),
    });
}
