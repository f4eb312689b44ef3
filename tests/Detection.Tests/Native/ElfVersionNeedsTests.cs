using System.Text;
using MaskRcnn.Detection.Native;

namespace MaskRcnn.Detection.Tests.Native;

public sealed class ElfVersionNeedsTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [Fact]
    public void The_need_of_a_version_becomes_weak_and_nothing_else_changes()
    {
        Assert.SkipUnless(TorchLibrary.NativeFolder is not null, "there is no native library beside the tests");
        byte[] before = File.ReadAllBytes(Path.Combine(TorchLibrary.NativeFolder!, "libLibTorchSharp.so")), after = [.. before];
        Assert.Equal(1, ElfVersionNeeds.MakeWeak(after, Version));
        int[] changed = [.. Enumerable.Range(0, before.Length).Where(i => before[i] != after[i])];
        Assert.Equal(2, Assert.Single(changed.Select(i => after[i] ^ before[i])));
        Assert.Equal(1, ElfVersionNeeds.MakeWeak(after, Version));
    }

    [Fact]
    public void A_version_that_is_not_needed_changes_nothing()
    {
        Assert.SkipUnless(TorchLibrary.NativeFolder is not null, "there is no native library beside the tests");
        byte[] before = File.ReadAllBytes(Path.Combine(TorchLibrary.NativeFolder!, "libLibTorchSharp.so")), after = [.. before];
        Assert.Equal(0, ElfVersionNeeds.MakeWeak(after, "GLIBCXX_9.9.9"));
        Assert.True(before.AsSpan().SequenceEqual(after));
    }

    [Fact]
    public void What_is_no_library_is_an_error()
    {
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MakeWeak("not a library"u8.ToArray(), Version));
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MakeWeak(new byte[100], Version));
        byte[] lying = new byte[64];
        Encoding.ASCII.GetBytes("\x7f" + "ELF\x02\x01").CopyTo(lying, 0);
        lying.AsSpan(0x28, 8).Fill(0x7f);
        lying[0x3c] = 3;
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.MakeWeak(lying, Version));
    }
}
