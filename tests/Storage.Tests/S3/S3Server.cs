using Minio;
using Minio.DataModel.Args;

namespace MaskRcnn.Storage.Tests.S3;

/// <summary>The S3-compatible server that test.sh starts.</summary>
internal static class S3Server
{
    private const string Variable = "MASKRCNN_TEST_S3";

    /// <summary>A key; the server takes any.</summary>
    public const string Key = "TESTKEY";

    /// <summary>Its address; without it the test is skipped.</summary>
    public static Uri Address
    {
        get
        {
            string? address = Environment.GetEnvironmentVariable(Variable);
            Assert.SkipWhen(string.IsNullOrEmpty(address), $"{Variable} is not set: ./test.sh starts fauxqs (it needs node and npm) and sets it.");
            return new Uri(address!);
        }
    }

    /// <summary>What a process' environment says of it.</summary>
    /// <param name="address">Its address, or that of a proxy before it.</param>
    public static Func<string, string?> Environs(Uri address) => name => name switch
    {
        "S3_ENDPOINT" => address.GetLeftPart(UriPartial.Authority),
        "AWS_ACCESS_KEY_ID" or "AWS_SECRET_ACCESS_KEY" => Key,
        _ => null,
    };

    /// <summary>A writer that is not ours.</summary>
    public static IMinioClient Writer() => new MinioClient().WithEndpoint(Address.Authority).WithSSL(false).WithRegion("us-east-1").WithCredentials(Key, Key).Build();

    /// <summary>Makes a bucket.</summary>
    public static async Task<string> BucketAsync(IMinioClient writer)
    {
        string name = "test-" + Guid.NewGuid().ToString("N");
        await writer.MakeBucketAsync(new MakeBucketArgs().WithBucket(name));
        return name;
    }

    /// <summary>Writes an object, whether there is one or not.</summary>
    public static async Task PutAsync(IMinioClient writer, string bucket, string key, byte[] data) =>
        await writer.PutObjectAsync(new PutObjectArgs().WithBucket(bucket).WithObject(key).WithStreamData(new MemoryStream(data)).WithObjectSize(data.Length));
}
