using CsCheck;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class RegroupingTests
{
    private static readonly string[] Compared = ["masks.tar", "detections.json", "report.json", "report.md", "index/00000000.json", "index/index.json", "thumbnails/00000.tar"];

    private static readonly Gen<(int Images, int Seed, int[] Cuts, int SplitSeed, bool Annotated)> Cases =
        from images in Gen.Int[1, 40]
        from seed in Gen.Int[0, int.MaxValue]
        from cuts in Gen.Int[1, 9].Array[40]
        from splitSeed in Gen.Int[0, int.MaxValue]
        from annotated in Gen.Bool
        select (images, seed, Cut(cuts, images), splitSeed, annotated);

    [Fact]
    public void However_images_are_cut_into_shards_and_those_split_the_result_is_the_same()
    {
        Cases.Sample(x =>
        {
            TestImage[] images = TestImage.Random(x.Images, x.Seed, x.Annotated);
            var one = new TestJob(images, [x.Images], splitSeed: x.Seed, annotated: x.Annotated);
            var cut = new TestJob(images, x.Cuts, shardsOfSegment: 1 + x.Seed % 3, splitSeed: x.SplitSeed, annotated: x.Annotated);
            var splitOtherwise = new TestJob(images, x.Cuts, shardsOfSegment: 1 + x.Seed % 3, splitSeed: ~x.SplitSeed & int.MaxValue, annotated: x.Annotated);
            Assert.Equal(images.Count(i => !i.IsDone), one.Reduce().Failed);
            var composed = new TestJob(images, x.Cuts, shardsOfSegment: 1 + x.Seed % 3, splitSeed: x.SplitSeed, annotated: x.Annotated, composes: true);
            composed.Reduce();
            cut.Reduce();
            splitOtherwise.Reduce();
            foreach (string name in Compared.Where(n => images.Any(i => i.IsDone) || !n.StartsWith("thumb", StringComparison.Ordinal)))
            {
                Assert.Equal(one.Result(name), cut.Result(name));
                Assert.Equal(cut.Result(name), splitOtherwise.Result(name));
                Assert.Equal(cut.Result(name), composed.Result(name));
            }
            // Errors name the planned shard, which depends on the cuts and not on splits.
            Assert.Equal(cut.Text("errors.jsonl"), splitOtherwise.Text("errors.jsonl"));
        }, iter: 60);
    }

    private static int[] Cut(int[] cuts, int images)
    {
        var result = new List<int>();
        for (int i = 0; images > 0; i++)
        {
            result.Add(Math.Min(cuts[i], images));
            images -= result[^1];
        }
        return [.. result];
    }
}
