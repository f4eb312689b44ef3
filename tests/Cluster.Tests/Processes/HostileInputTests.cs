using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>Files that are made to hurt, submitted to a cluster: they end as errors, and nobody dies of them.</summary>
[Collection(ProcessTests.Name)]
public sealed class HostileInputTests(SharedCluster cluster)
{
    private const string Header = """{"images":[{"id":1,"file_name":"good.png","width":160,"height":120}],"categories":[{"id":10,"name":"thing 1"}],"annotations":[{"id":1,"image_id":1,"category_id":10,"bbox":[1,1,9,9],"area":81,"iscrowd":0,"segmentation":""";

    [Fact]
    public async Task Image_bombs_are_errors_of_theirs_and_the_worker_lives()
    {
        string images = Directory.CreateDirectory(cluster.Collection.Path("hostile/images")).FullName;
        File.Copy(Repository.Golden("tiny_img0.png"), Path.Combine(images, "good.png"));
        await File.WriteAllBytesAsync(Path.Combine(images, "bomb.png"), Png(65535, 65535));
        await File.WriteAllBytesAsync(Path.Combine(images, "largest.png"), Png(int.MaxValue, int.MaxValue));
        await File.WriteAllBytesAsync(Path.Combine(images, "short.png"), Png(10_000, 10_000));
        await File.WriteAllBytesAsync(Path.Combine(images, "bomb.jpg"), [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0xFF, 0xFF, 0xFF, 0xFF, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xFF, 0xD9]);
        UpProcess up = await cluster.UpAsync();
        int[] before = [.. up.Members.Where(member => member.IsWorker).Select(member => member.Id)];
        await using MaskRcnnClient client = await up.ConnectAsync();
        JobHandle job = await client.SubmitAsync(Specification() with { Name = "bombs", Images = images });
        JobStatus end = await SharedCluster.EndAsync(up, job, "a job over image bombs ends");
        Assert.Equal((JobState.CompletedWithErrors, new ImageCounts(5, 1, 4)), (end.State, end.Images));
        Dictionary<string, string> causes = ResultFiles.Read(job).Errors.ToDictionary(error => error.GetProperty("image").GetString()!, error => error.GetProperty("cause").GetString()!);
        Assert.Equal("too-many-pixels", causes["bomb.png"]);
        Assert.Equal(["bomb.jpg", "bomb.png", "largest.png", "short.png"], causes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(before, up.Members.Where(member => member.IsWorker).Select(member => member.Id));
    }

    [Fact]
    public async Task Hostile_annotations_and_weights_are_refused_and_the_cluster_works_on()
    {
        string folder = Directory.CreateDirectory(cluster.Collection.Path("hostile/files")).FullName, images = Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
        File.Copy(Repository.Golden("tiny_img0.png"), Path.Combine(images, "good.png"));
        UpProcess up = await cluster.UpAsync();
        int[] before = [.. up.Members.Select(member => member.Id)];
        await using MaskRcnnClient client = await up.ConnectAsync();
        var annotations = new Dictionary<string, string>
        {
            ["deep"] = Header + new string('[', 1_000_000),
            ["closed"] = Header + new string('[', 500_000) + new string(']', 500_000) + "}]}",
            ["huge-numbers"] = Header + "[[1e999,1,2,2,3,3]]}]}",
            ["long-number"] = Header + "[[" + new string('9', 1_000_000) + ",1,2,2,3,3]]}]}",
            ["odd"] = Header + "[[" + string.Concat(Enumerable.Repeat("1,", 2_000_000)) + "1]]}]}",
            ["counts"] = Header + """{"size":[1000000000,1000000000],"counts":[1000000000000000000]}}]}""",
            ["sizes"] = Header + """{"size":[1000000000,1000000000],"counts":[4294967295]}}]}""",
            ["text-counts"] = Header + """{"size":[120,160],"counts":"oooooooooooooooooooooooo"}}]}""",
        };
        foreach ((string name, string text) in annotations)
        {
            string file = Path.Combine(folder, name + ".json");
            await File.WriteAllTextAsync(file, text);
            await FailsAsync(Specification() with { Name = name, Images = images, Annotations = file });
        }
        // A header of eight exabytes; one of 90 MB in a file of 16 bytes; a tensor that ends far outside.
        byte[] length = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(length, ulong.MaxValue >> 1);
        await RefusedAsync("length", length);
        BinaryPrimitives.WriteUInt64LittleEndian(length, 90_000_000);
        await RefusedAsync("longer", length);
        byte[] header = Encoding.UTF8.GetBytes("""{"a":{"dtype":"F32","shape":[4611686018427387904,2],"data_offsets":[0,9223372036854775807]}}""");
        await RefusedAsync("outside", [.. BitConverter.GetBytes((ulong)header.Length), .. header]);

        JobHandle good = await client.SubmitAsync(Specification() with { Name = "after-hostile", Images = images });
        Assert.Equal(JobState.Succeeded, (await SharedCluster.EndAsync(up, good, "a job after hostile files ends")).State);
        Assert.Equal(before, up.Members.Select(member => member.Id));

        async Task RefusedAsync(string name, byte[] weights)
        {
            string file = Path.Combine(folder, name + ".safetensors");
            await File.WriteAllBytesAsync(file, weights);
            JobRejectedException rejected = await Assert.ThrowsAsync<JobRejectedException>(() => client.SubmitAsync(Specification() with { Name = name, Images = images, Model = file }));
            Assert.Contains("model", rejected.Message, StringComparison.Ordinal);
        }

        async Task FailsAsync(JobSpecification specification)
        {
            JobHandle job;
            try
            {
                job = await client.SubmitAsync(specification);
            }
            catch (JobRejectedException rejected)
            {
                Assert.Contains("annotations", rejected.Message, StringComparison.Ordinal);
                Assert.True(rejected.Message.Length < 4000, $"{specification.Name}: {rejected.Message.Length} characters");
                return;
            }
            // What is found only when a mask is needed fails the job.
            JobStatus end = await SharedCluster.EndAsync(up, job, $"the job '{specification.Name}' ends");
            Assert.True(end.State == JobState.Failed, $"{specification.Name}: {end}");
        }
    }

    private JobSpecification Specification() => new() { Images = "", Model = cluster.Collection.Model, Output = cluster.Collection.Path("hostile/out") };

    /// <summary>A PNG that says it is of a size, with a few bytes of data.</summary>
    private static byte[] Png(int width, int height)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(new byte[1000]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR", header), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data], length = new byte[4], sum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32.HashToUInt32(typed));
        return [.. length, .. typed, .. sum];
    }
}
