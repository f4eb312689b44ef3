using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>All augmentations of a configuration, one after the other. May be used by many threads.</summary>
internal sealed class AugmentationChain : IAugmentation
{
    private readonly IAugmentation[] _geometry;
    private readonly IAugmentation[] _all;

    /// <param name="settings">The settings.</param>
    /// <param name="mean">The mean colour of the model's normalisation, 0 to 1.</param>
    /// <param name="dataset">Where copy-paste takes its objects from.</param>
    /// <exception cref="ArgumentException">A setting is not valid.</exception>
    public AugmentationChain(AugmentationConfiguration settings, IReadOnlyList<float> mean, TrainingDataset dataset)
    {
        AugmentationRules.Check(settings);
        byte[]? fill = settings.CropFill switch
        {
            CropFill.Mean => [.. mean.Select(value => (byte)Math.Clamp(MathF.Round(value * 255), 0, 255))],
            CropFill.Black => [0, 0, 0],
            _ => null,
        };
        KeypointPairs pairs = new(settings.KeypointPairs);
        List<IAugmentation> chain = [];
        bool scaled = settings.ShorterSide > 0 || settings.ScaleLow != 1 || settings.ScaleHigh != 1;
        if (settings.Crop > 0) chain.Add(scaled ? new ScaleJitterCrop(settings, fill) : new RandomCrop(settings, fill));
        if (settings.HorizontalFlip > 0) chain.Add(new HorizontalFlip(settings.HorizontalFlip, pairs));
        if (settings.VerticalFlip > 0) chain.Add(new VerticalFlip(settings.VerticalFlip, pairs));
        if (settings.QuarterTurns > 0) chain.Add(new QuarterTurns(settings.QuarterTurns));
        _geometry = [.. chain];
        // The other image of copy-paste goes the same way as this one, with the same generator: what it is depends on nothing else.
        if (settings.CopyPaste > 0)
            chain.Add(new CopyPaste(settings.CopyPaste, settings.CopyPasteMost, settings.KeepShare, random => Apply(_geometry, dataset.Read(random.Next(dataset.Images.Count)), random)));
        chain.Add(new PhotometricJitter(settings));
        if (settings.BlurProbability > 0) chain.Add(new GaussianBlur(settings.BlurProbability, settings.Blur));
        if (settings.NoiseProbability > 0) chain.Add(new GaussianNoise(settings.NoiseProbability, settings.Noise));
        _all = [.. chain];
    }

    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random) => Apply(_all, sample, random);

    private static TrainingSample Apply(IAugmentation[] chain, TrainingSample sample, TrainingRandom random)
    {
        foreach (IAugmentation augmentation in chain) sample = augmentation.Apply(sample, random);
        return sample;
    }
}
