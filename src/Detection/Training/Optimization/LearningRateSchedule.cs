namespace MaskRcnn.Detection.Training.Optimization;

/// <summary>The learning rate of each step: linear warm-up, then steps down or a cosine to 0.</summary>
/// <param name="configuration">The settings.</param>
/// <param name="steps">Steps of the whole run.</param>
internal sealed class LearningRateSchedule(OptimizerConfiguration configuration, long steps)
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">Steps that were made before.</param>
    public double At(long step) => configuration.LearningRate * WarmUp(step) * Decay(step);

    private double WarmUp(long step)
    {
        if (step >= configuration.WarmUpSteps)
            return 1;
        double progress = (double)step / configuration.WarmUpSteps;
        return configuration.WarmUpFactor * (1 - progress) + progress;
    }

    private double Decay(long step) => configuration.Schedule switch
    {
        ScheduleKind.MultiStep => Math.Pow(configuration.DropFactor, configuration.DropsAt.Count(drop => step >= (long)Math.Round(drop * steps))),
        ScheduleKind.Cosine => 0.5 * (1 + Math.Cos(Math.PI * step / steps)),
        _ => 1,
    };
}
