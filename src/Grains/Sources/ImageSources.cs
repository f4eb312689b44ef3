using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Sources.Manifests;
using MaskRcnn.Grains.Sources.Tar;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Sources;

/// <summary>Opens what a specification calls its images.</summary>
internal static class ImageSources
{
    /// <summary>Finds a specification's collection without reading it, but for its first bytes.</summary>
    /// <returns>The file, of the version that there is now; null: it is a folder.</returns>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    /// <exception cref="ArgumentException">It is not what it should be.</exception>
    public static SourceDocument? Find(JobSpecification specification, Stores stores, CancellationToken stop)
    {
        string kind = SourceKinds.Of(specification.Images, specification.Source);
        if (specification.ImagesRoot is not null && kind is SourceKinds.Folder or SourceKinds.Tar)
            throw new ArgumentException($"The images are a {kind}, whose names begin in it; expected imagesRoot only with a {SourceKinds.Manifest} or {SourceKinds.Coco} file. Leave it out.");
        if (kind == SourceKinds.Folder)
        {
            IBlobStore folder = stores.Open(specification.Images);
            // Not more than one page: the collection may be large. Whether it holds an image is found out by listing it.
            bool any = folder.ListAsync("", null, 1, stop).ToBlockingEnumerable(stop).Any();
            return any ? null : throw new BlobException(folder.Location, "", "there is no file in it; expected images.");
        }
        (IBlobStore store, string name) = stores.OpenBlob(specification.Images);
        BlobInfo file = store.FindAsync(name, stop).GetAwaiter().GetResult()
            ?? throw new SourceException(BlobUri.WithoutSecrets(specification.Images), $"it does not exist; expected a file, as it is taken for a {kind}. If it is a folder or a prefix, say --source {SourceKinds.Folder}.");
        var found = new SourceDocument(kind, file.ETag, file.Size);
        if (specification.ImagesRoot is { } root) _ = stores.Open(root);
        if (kind == SourceKinds.Tar) new TarHeaders(new TarBytes(File(specification.Images, found, stores))).CheckStart(stop);
        else CheckSize(specification.Images, found, stores.Limits);
        return found;
    }

    /// <summary>Opens a job's collection to list it.</summary>
    /// <param name="addresses">Where it is.</param>
    /// <param name="file">The file that was found when the job was submitted; null: it is a folder.</param>
    /// <param name="stores">Opens stores.</param>
    public static IImageSource Open(JobAddresses addresses, SourceDocument? file, Stores stores)
    {
        if (file is null) return new FolderSource(stores.Open(addresses.Images));
        SourceFile opened = File(addresses.Images, file, stores);
        if (file.Kind == SourceKinds.Tar) return new TarSource(opened, stores.Limits);
        CheckSize(addresses.Images, file, stores.Limits);
        IBlobStore root = addresses.ImagesRoot is { } uri ? stores.Open(uri) : opened.Store;
        return new NamedSource(opened, file.Kind == SourceKinds.Coco ? NameForm.Coco : NameForm.Manifest, root, stores.Limits);
    }

    /// <summary>Reads the images of a job that are listed.</summary>
    public static ImageReader Reader(JobContext job, Stores stores, TimeProvider time)
    {
        JobAddresses addresses = job.Addresses;
        switch (job.Document.Source?.Kind)
        {
            case null:
                return new ImageReader(stores.Open(addresses.Images), time, stores.Limits.ImageBytes);
            case SourceKinds.Tar:
                (IBlobStore store, string archive) = stores.OpenBlob(addresses.Images);
                return new ImageReader(store, time, stores.Limits.ImageBytes, archive);
            default:
                return new ImageReader(addresses.ImagesRoot is { } root ? stores.Open(root) : stores.OpenBlob(addresses.Images).Store, time, stores.Limits.ImageBytes);
        }
    }

    private static SourceFile File(string uri, SourceDocument file, Stores stores)
    {
        (IBlobStore store, string name) = stores.OpenBlob(uri);
        return new SourceFile(store, new BlobInfo(name, file.Size, file.ETag), BlobUri.WithoutSecrets(uri));
    }

    private static void CheckSize(string uri, SourceDocument file, Limits limits)
    {
        if (file.Size > limits.ManifestBytes)
            throw new LimitException(BlobUri.WithoutSecrets(uri), file.Size, "bytes", nameof(Limits.ManifestBytes), limits.ManifestBytes, "Split it into jobs");
    }
}
