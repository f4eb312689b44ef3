using MaskRcnn.Grains.Jobs;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>What a worker needs of its silo.</summary>
internal sealed record WorkerServices(IGrainFactory Grains, JobDirectory Jobs, Stores Stores, IModelLoader Models, IProcessEnd Process, TimeProvider Time, ILogger<WorkerEngine> Logger);
