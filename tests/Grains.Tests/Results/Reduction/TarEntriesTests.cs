using CsCheck;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class TarEntriesTests
{
    [Fact]
    public void Entries_are_found_in_blocks_of_any_size()
    {
        (from sizes in Gen.Int[0, 2000].Array[1, 6]
         from longName in Gen.Bool.Array[6]
         from blocks in Gen.Int[1, 1500].Array[1, 10]
         select (sizes, longName, blocks)).Sample(x =>
         {
             byte[][] entries = [.. x.sizes.Select((size, i) => PlainTar.Entry((x.longName[i] ? new string('é', 70) : "n") + i, [.. Enumerable.Range(0, size).Select(b => (byte)b)]))];
             byte[] all = [.. entries.SelectMany(e => e)];
             var tar = new TarEntries();
             var found = new List<long>();
             using var copy = new MemoryStream();
             for (int offset = 0, block = 0; offset < all.Length; block++)
             {
                 ReadOnlyMemory<byte> rest = all.AsMemory(offset, Math.Min(x.blocks[block % x.blocks.Length], all.Length - offset));
                 offset += rest.Length;
                 while (rest.Length > 0)
                 {
                     rest = rest[tar.Take(rest, "test")..];
                     if (tar.NewEntryBytes is { } length) found.Add(length);
                     tar.PassTo(copy);
                 }
             }
             tar.CheckEnd("test");
             Assert.Equal(entries.Select(e => (long)e.Length), found);
             Assert.Equal(all, copy.ToArray());
         }, iter: 200);
    }

    [Fact]
    public void The_end_of_an_archive_is_no_entry() =>
        Assert.Contains("no tar header", Assert.Throws<ReductionException>(() => new TarEntries().Take(new byte[512], "parts/x")).Message, StringComparison.Ordinal);
}
