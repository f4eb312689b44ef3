// A silo as the product's, by the same command line. Its model takes its time for each image, says which it has seen, and does not
// survive some; its storage is slow where the interesting moments are. MASKRCNN_CHAOS_BREAK takes one of the safeguards away, to
// show that the harness notices: put (a record is put over one that is there), token (any lease will do), leases (partitions forget theirs).
using MaskRcnn.Chaos.Host;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Faults;
using Microsoft.Extensions.DependencyInjection;

string? broken = Environment.GetEnvironmentVariable("MASKRCNN_CHAOS_BREAK");
return await SiloProgram.RunAsync(
    args,
    silo =>
    {
        silo.Services.AddSingleton<IModelLoader, ObservedModelLoader>();
        if (broken == "leases") ForgetfulLeases.Replace(silo.Services);
    },
    options => options with
    {
        OpenStore = uri =>
        {
            IBlobStore store = new FaultyBlobStore(options.OpenStore(uri), SlowMoments.Of);
            return broken == "put" ? new OverwritingStore(store) : store;
        },
        // An image that no worker survives is found after fewer deaths.
        Leases = broken == "token"
            ? options.Leases with { SuspicionsBeforeSplit = 1, SameLease = static (_, _) => true }
            : options.Leases with { SuspicionsBeforeSplit = 1 },
    });
