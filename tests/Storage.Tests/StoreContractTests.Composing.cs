using System.Text;

namespace MaskRcnn.Storage.Tests;

public abstract partial class StoreContractTests
{
    [Fact]
    public async Task A_composed_blob_is_its_pieces_one_after_the_other()
    {
        byte[] large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        BlobPiece first = await Piece("parts/1", "one,"), second = await Piece("parts/2", ",two", start: 1), none = await Piece("parts/3", ""), end = await Piece("parts/4", "x", start: 1);
        WriteResult put = await Store.WriteAsync("parts/large", large, default, "a", None);
        BlobPiece whole = BlobPiece.Of("parts/large", put.ETag!, large.Length), tail = BlobPiece.Of("parts/large", put.ETag!, large.Length, large.Length - 3);
        WriteResult written = await Store.ComposeAsync("out/x", [Own("["), Own(""), first, none, second, end, whole, first, Own("\n"), Own("]"), tail], WriteCondition.Absent, "a1", None);
        Assert.Equal(WriteOutcome.Written, written.Outcome);
        BlobContent read = await Store.ReadAsync("out/x", null, None);
        Assert.Equal([.. "[one,two"u8, .. large, .. "one,\n]"u8, .. large[^3..]], read.Data);
        Assert.Equal(new BlobInfo("out/x", read.Data.Length, written.ETag!) { Attempt = "a1" }, await Store.FindAsync("out/x", None));
        Assert.Equal(["out/x"], await Names("out/", null, 10));
    }

    [Fact]
    public async Task Nothing_and_bytes_alone_are_composed_too()
    {
        await Put("other", "x");
        Assert.Equal(WriteOutcome.Written, (await Store.ComposeAsync("empty", [], WriteCondition.Absent, "a1", None)).Outcome);
        Assert.Equal("", await Text("empty"));
        Assert.Equal(WriteOutcome.Written, (await Store.ComposeAsync("bytes", [Own("["), await Piece("nothing", ""), Own("]")], WriteCondition.Absent, "a1", None)).Outcome);
        Assert.Equal("[]", await Text("bytes"));
    }

    [Fact]
    public async Task A_composition_ends_as_any_other_write()
    {
        BlobPiece[] pieces = [await Piece("p1", "one"), await Piece("p2", "two")];
        WriteResult first = await Store.ComposeAsync("x", pieces, WriteCondition.Absent, "a1", None);
        Assert.Equal(new WriteResult(WriteOutcome.AlreadyMine, first.ETag), await Store.ComposeAsync("x", pieces, WriteCondition.Absent, "a1", None));
        Assert.Equal(new WriteResult(WriteOutcome.Anothers, first.ETag), await Store.ComposeAsync("x", [pieces[0]], WriteCondition.Absent, "a2", None));
        Assert.Equal("onetwo", await Text("x"));

        WriteResult second = await Store.ComposeAsync("x", [pieces[1]], WriteCondition.Match(first.ETag!), "a3", None);
        Assert.Equal((WriteOutcome.Written, "two"), (second.Outcome, await Text("x")));
        Assert.Equal(new WriteResult(WriteOutcome.Anothers, second.ETag), await Store.ComposeAsync("x", pieces, WriteCondition.Match(first.ETag!), "a4", None));
        Assert.Equal(WriteOutcome.Written, (await Store.ComposeAsync("x", pieces, WriteCondition.None, "a5", None)).Outcome);
        Assert.Equal("onetwo", await Text("x"));
    }

    [Fact]
    public async Task A_piece_that_is_not_what_was_meant_is_an_error_that_names_it()
    {
        BlobPiece one = await Piece("p1", "one"), changed = await Piece("p2", "two"), gone = await Piece("p3", "three");
        string now = (await Put("p2", "tw0")).ETag!;
        await Store.DeleteAsync("p3", null, None);
        BlobChangedException change = await Assert.ThrowsAsync<BlobChangedException>(() => Compose("x", one, changed));
        Assert.Equal(("p2", changed.ETag), (change.Name, change.Expected));
        Assert.Contains(now, change.Message, StringComparison.Ordinal);
        Assert.Equal("p3", (await Assert.ThrowsAsync<BlobNotFoundException>(() => Compose("x", one, gone))).Name);
        BlobPiece nothing = await Piece("p4", "");
        await Put("p4", "");
        Assert.Equal("p4", (await Assert.ThrowsAsync<BlobChangedException>(() => Compose("x", one, nothing))).Name);
        foreach ((long size, long start) in new (long, long)[] { (2, 0), (4, 0), (2, 1), (4, 1) })
        {
            BlobSizeException wrong = await Assert.ThrowsAsync<BlobSizeException>(() => Compose("x", one, BlobPiece.Of("p1", one.ETag, size, start)));
            Assert.Equal("p1", wrong.Name);
            Assert.Contains($"expected {size}", wrong.Message, StringComparison.Ordinal);
        }
        Assert.Null(await Store.FindAsync("x", None));
        Assert.Equal(["p1", "p2", "p4"], await Names("", null, 10));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/.maskrcnn-compose-1")]
    [InlineData("/etc/passwd")]
    public async Task Neither_a_composed_blob_nor_its_pieces_leave_the_root(string name)
    {
        BlobPiece piece = await Piece("p", "x");
        await Assert.ThrowsAsync<BlobNameException>(() => Compose(name, piece));
        await Assert.ThrowsAsync<BlobNameException>(() => Compose("x", piece, BlobPiece.Of(name, piece.ETag, 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ComposeAsync("x", [piece], WriteCondition.Absent, "two words", None));
    }

    [Fact]
    public async Task Of_racing_composers_of_one_name_one_wins_and_those_of_its_attempt_find_themselves()
    {
        BlobPiece[] pieces = [await Piece("p1", "one"), await Piece("p2", "two")];
        WriteResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.ComposeAsync("x", [pieces[i % 2]], WriteCondition.Absent, "a" + (i % 2), None))));
        string text = await Text("x");
        string eTag = (await Store.FindAsync("x", None))!.ETag;
        Assert.Single(results, result => result.Outcome == WriteOutcome.Written);
        for (int i = 0; i < 8; i++) Assert.Equal((eTag, text == (i % 2 == 0 ? "one" : "two")), (results[i].ETag, results[i].IsMine));
    }

    protected static BlobPiece Own(string text) => BlobPiece.Of(Encoding.UTF8.GetBytes(text));

    protected async Task<BlobPiece> Piece(string name, string text, long start = 0) => BlobPiece.Of(name, (await Put(name, text)).ETag!, text.Length, start);

    private Task<WriteResult> Compose(string name, params BlobPiece[] pieces) => Store.ComposeAsync(name, pieces, WriteCondition.Absent, "a1", None);
}
