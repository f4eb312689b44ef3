#pragma warning disable CA2201 // what the runtime and libtorch throw is thrown here
using System.Runtime.InteropServices;
using MaskRcnn.Detection.Images;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Tests.Results.Parts;

public sealed class ImageErrorsTests
{
    [Theory]
    [InlineData(ImageProblem.Empty, "empty")]
    [InlineData(ImageProblem.UnknownFormat, "unknown-format")]
    [InlineData(ImageProblem.Damaged, "damaged")]
    [InlineData(ImageProblem.TooManyPixels, "too-many-pixels")]
    [InlineData(ImageProblem.Unsupported, "unsupported")]
    public void What_a_decoder_finds_keeps_its_reason(ImageProblem problem, string cause) => Assert.Equal(
        new ImageError("s/a.png", "00000003", cause, "it is odd; expected even."), Of(new ImageFormatException("s/a.png", ImageFormat.Png, problem, "it is odd; expected even.")));

    [Fact]
    public void Every_problem_has_a_cause_of_the_documented_list() =>
        Assert.All(Enum.GetValues<ImageProblem>(), p => Assert.Contains(Of(new ImageFormatException("a", null, p, "r")).Cause, ImageErrorCauses.All));

    [Fact]
    public void What_a_store_says_becomes_a_fixed_sentence()
    {
        Exception[][] alike =
        [
            [new BlobNotFoundException("az://host-1/c", "a"), new BlobNotFoundException("/data", "b"), new FileNotFoundException("/data/x")],
            [new BlobChangedException("az://host-1/c", "a", "0x8D1", "0x8D2"), new BlobChangedException("/data", "a", "1", null)],
            [new BlobException("az://host-1/c", "a", "503 at 12:00"), new IOException("disk"), new UnauthorizedAccessException("/root"), new TimeoutException("5 s"), new HttpRequestException("10.0.0.1")],
            [new OutOfMemoryException("x"), new ExternalException("CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 139 GiB)"), new ExternalException("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 5 bytes.")],
        ];
        foreach ((Exception[] exceptions, string cause) in alike.Zip([ImageErrorCauses.Vanished, ImageErrorCauses.Changed, ImageErrorCauses.Unreadable, ImageErrorCauses.OutOfMemory]))
            Assert.Equal(cause, Assert.Single(exceptions.Select(Of).Distinct()).Cause);
    }

    [Theory]
    [InlineData("expected 3 channels\nException raised from conv at /build/aten/x.cpp:12 (0x7f001122)", "expected 3 channels")]
    [InlineData("Cannot load /home/worker7/lib/libtorch.so now", "Cannot load … now")]
    [InlineData("Cannot load C:\\Users\\w\\torch.dll now", "Cannot load … now")]
    [InlineData("fault at 0x7f0011223344 in kernel", "fault at 0x… in kernel")]
    [InlineData("  s/a.png: 3/4 of it, sizes 1/2\r\nmore", "s/a.png: 3/4 of it, sizes 1/2")]
    [InlineData("", "")]
    public void Of_a_models_error_the_first_line_stays_without_what_differs_between_machines(string message, string detail) =>
        Assert.Equal(new ImageError("s/a.png", "00000003", "model-error", detail), Of(new InvalidOperationException(message)));

    [Fact]
    public void Long_messages_are_cut_and_inner_ones_found()
    {
        Assert.Equal(501, Of(new InvalidOperationException(new string('x', 10_000))).Detail.Length);
        Assert.Equal(ImageErrorCauses.Vanished, Of(new AggregateException(new BlobNotFoundException("m", "a"))).Cause);
    }

    [Fact]
    public void A_child_names_its_first_ancestor() =>
        Assert.Equal("00000003", ImageErrors.Of(new IOException(), SampleShard.Image("a"), SampleShard.Range(1, "00000003.1.0")).Shard);

    [Fact]
    public void Cancellation_is_no_error_of_an_image() => Assert.Throws<ArgumentException>(() => Of(new OperationCanceledException()));

    private static ImageError Of(Exception exception) => ImageErrors.Of(exception, SampleShard.Image("s/a.png"), SampleShard.Range(1));
}
