// A silo as the product's, by the same command line, but its model does not survive some images, by their width in pixels: for
// tests of what the cluster then does. One of the name "hanging" has a thread pool that hangs, in one
// of the name "failing" a service fails, and one of the name "starting" is never ready.
using MaskRcnn.Cluster.Tests.Host;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

return await SiloProgram.RunAsync(args, silo =>
{
    silo.Services.AddSingleton<IModelLoader, FragileModelLoader>();
    silo.Services.AddHostedService<HangingPool>();
    silo.Services.AddHostedService<FailingService>();
    silo.Services.AddHostedService<NeverStarting>();
});
