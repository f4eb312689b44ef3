using MaskRcnn.Client.Exports;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Client.Results;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Client.Library.Tests.Exports;

public sealed class AzureExportTests
{
    [Theory]
    [MemberData(nameof(ExportTests.Formats), MemberType = typeof(ExportTests))]
    public async Task Blob_storage_gets_the_bytes_that_memory_gets(ExportFormat format)
    {
        await using AzuriteContainer container = await AzuriteContainer.CreateAsync();
        await DrawnResult.Small().WriteAsync(BlobStores.Open(container.Uri("job")));
        JobResults results = await JobResults.OpenAsync(container.Uri("job"));
        var options = new ExportOptions { Format = format };
        ExportReport report = await results.ExportAsync(container.Uri("export"), options);
        Assert.DoesNotContain(container.Signature, report.Output, StringComparison.Ordinal);

        var memory = new MemoryBlobStore();
        await results.ExportAsync(memory, options);
        foreach ((string name, byte[] content) in await container.ReadAllAsync("export/"))
            Assert.Equal((await memory.ReadAsync(name["export/".Length..], null, CancellationToken.None)).Data, content);

        Assert.Equal(report.Files, (await results.ExportAsync(container.Uri("export"), options)).Unchanged);
        ExportExistsException exception = await Assert.ThrowsAsync<ExportExistsException>(() => results.ExportAsync(container.Uri("export"), options with { ScoreThreshold = .9 }));
        Assert.EndsWith("/export/export.json", exception.File, StringComparison.Ordinal);
        Assert.Equal(0, (await results.ExportAsync(container.Uri("export"), options with { ScoreThreshold = .9, Overwrite = true })).Unchanged);
    }
}
