using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Tests.Workers;

/// <summary>
/// A model that works on as many images as it is allowed to, whichever come first: decoders pass each other. An image is known by its
/// width: the n-th has n + 1 pixels.
/// </summary>
internal sealed class SteppedModel : IModelLoader, IImageModel
{
    private readonly object _gate = new();
    private readonly List<int> _inferred = [];
    private int _allowed;
    private bool _isFree;

    /// <summary>Held while the model shall not be loaded.</summary>
    public ManualResetEventSlim MayLoad { get; } = new(true);

    /// <summary>Whether an image that is not allowed hears that it is not wanted any more, as native code does not.</summary>
    public bool HearsCancellation { get; set; } = true;

    /// <summary>Called when an image is done: time passes.</summary>
    public Action OnImage { get; set; } = () => { };

    public bool NeedsPixels => true;

    /// <summary>The images that were worked on, as often as they were, in order.</summary>
    public IReadOnlyList<int> Inferred
    {
        get
        {
            lock (_gate) return [.. _inferred.Order()];
        }
    }

    public void AllowOne()
    {
        lock (_gate)
        {
            _allowed++;
            Monitor.PulseAll(_gate);
        }
    }

    public void AllowAll()
    {
        lock (_gate)
        {
            _isFree = true;
            Monitor.PulseAll(_gate);
        }
    }

    public string KeyOf(JobDocument job) => job.Model.Sha256;

    public IImageModel Load(JobContext job, string device)
    {
        MayLoad.Wait(CancellationToken.None);
        return this;
    }

    public (int Height, int Width) PaddedSizeOf(int height, int width) => (32, 32);

    public IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation)
    {
        RgbImage image = Assert.Single(images);
        using CancellationTokenRegistration waking = cancellation.Register(Wake);
        lock (_gate)
        {
            while (!_isFree && _allowed == 0)
            {
                if (HearsCancellation) cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }
            _allowed--;
            _inferred.Add(image.Width - 1);
            OnImage();
        }
        return [new UnencodedDetections(new ImageDetections(image.Width, image.Height,
            [new DetectedInstance { Label = 1, Score = .5f, Box = new Box(0, 0, image.Width, image.Height) }]))];
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }
}
