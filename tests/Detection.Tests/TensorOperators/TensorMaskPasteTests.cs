using CsCheck;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Masks;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Tests.Golden;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.TensorOperators;

public sealed class TensorMaskPasteTests
{
    private const int Side = 28;

    [Fact]
    public void Masks_are_pasted_as_by_torchvision_and_as_by_detectron2()
    {
        using GoldenFile golden = new("ops");
        Box[] boxes = golden.Boxes("paste.boxes");
        using torch.Tensor masks = torch.tensor(golden.Floats("paste.masks"), [boxes.Length, Side, Side]);
        AssertSame(masks, boxes, [.. boxes.Select(_ => (60, 80))], 0.5, PasteRule.Torchvision);
        AssertSame(masks, boxes, [.. boxes.Select(_ => (60, 80))], 0.5, PasteRule.Detectron2);
        Rle[] pasted = TensorMaskPaste.Paste(masks, boxes, [.. boxes.Select(_ => (60, 80))], 0.5, PasteRule.Torchvision);
        float[] soft = golden.Floats("paste.tv_out");
        for (int i = 0; i < boxes.Length; i++)
        {
            byte[] dense = RleDense.Decode(pasted[i]);
            for (int pixel = 0; pixel < dense.Length; pixel++)
                Assert.True(Math.Abs(soft[i * dense.Length + pixel] - 0.5f) <= 1e-6 || soft[i * dense.Length + pixel] > 0.5f == (dense[pixel] != 0));
        }
    }

    [Theory]
    [InlineData(PasteRule.Torchvision, 1 << 20)]
    [InlineData(PasteRule.Torchvision, 700)]
    [InlineData(PasteRule.Detectron2, 1 << 20)]
    [InlineData(PasteRule.Detectron2, 700)]
    public void Masks_are_pasted_as_by_the_kernel_whatever_the_size_of_a_chunk(PasteRule rule, int chunk)
    {
        TorchLibrary.EnsureLoaded();
        // Boxes in images of two sizes, some over their edges, some larger, some without a size.
        Gen<Box> box = Gen.Select(Gen.Float[-30, 90], Gen.Float[-30, 70], Gen.OneOf(Gen.Const(0f), Gen.Float[0, 150]), Gen.OneOf(Gen.Const(0f), Gen.Float[0, 120])).Select((x, y, w, h) => new Box(x, y, x + w, y + h));
        foreach (Box[] boxes in RandomCases.Of(box.Array[1, 20], 12))
        {
            using torch.Tensor noise = torch.tensor(RandomCases.Normal(boxes.Length, boxes.Length * Side * Side, 4), [boxes.Length, Side, Side]), masks = noise.sigmoid();
            AssertSame(masks, boxes, [.. boxes.Select((_, i) => i % 3 == 0 ? (33, 90) : (70, 50))], 0.5, rule, chunk);
        }
    }

    [Fact]
    public void A_mask_that_fills_its_image_is_one_run()
    {
        TorchLibrary.EnsureLoaded();
        using torch.Tensor mask = torch.ones(1, Side, Side);
        Rle full = TensorMaskPaste.Paste(mask, [new Box(-50, -50, 90, 80)], [(30, 40)], 0.5, PasteRule.Torchvision, chunkPixels: 100).Single();
        Assert.Equal([0u, 1200u], full.Counts.ToArray());
    }

    [Fact]
    public void No_masks_give_none()
    {
        TorchLibrary.EnsureLoaded();
        using torch.Tensor none = torch.empty(0, Side, Side);
        Assert.Empty(TensorMaskPaste.Paste(none, [], [], 0.5, PasteRule.Torchvision));
    }

    /// <summary>The same pixels; within rounding of the threshold either answer is right.</summary>
    private static void AssertSame(torch.Tensor masks, Box[] boxes, (int Height, int Width)[] images, double threshold, PasteRule rule, int chunk = 1 << 20)
    {
        Rle[] pasted = TensorMaskPaste.Paste(masks, boxes, images, threshold, rule, chunk);
        float[] values = masks.data<float>().ToArray();
        for (int i = 0; i < boxes.Length; i++)
        {
            if (Kernel(i, threshold).SameAs(pasted[i]))
                continue;
            byte[] found = RleDense.Decode(pasted[i]), certain = RleDense.Decode(Kernel(i, threshold + 1e-6)), possible = RleDense.Decode(Kernel(i, threshold - 1e-6));
            for (int pixel = 0; pixel < found.Length; pixel++)
                Assert.InRange(found[pixel], certain[pixel], possible[pixel]);
        }

        Rle Kernel(int i, double t) => MaskPaste.Paste(values.AsSpan(i * Side * Side, Side * Side), Side, boxes[i], images[i].Height, images[i].Width, t, rule);
    }
}
