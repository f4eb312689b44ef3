namespace MaskRcnn.Grains.Jobs;

/// <summary>A failure on a job that its caller can act on.</summary>
[GenerateSerializer, Alias("maskrcnn.job-exception")]
public abstract class JobException : Exception
{
    /// <summary>A failure on a job.</summary>
    /// <param name="job">The job's id or name.</param>
    /// <param name="message">What happened and what to do.</param>
    protected JobException(string job, string message) : base(message) => Job = job;

    /// <summary>The job's id or name, as it was given.</summary>
    [Id(0)] public string Job { get; }
}

/// <summary>There is no such job.</summary>
[GenerateSerializer, Alias("maskrcnn.job-not-found")]
public sealed class JobNotFoundException(string job)
    : JobException(job, $"There is no job '{job}'; 'maskrcnn job list' shows those there are.");

/// <summary>A job of this name exists, and was asked for otherwise.</summary>
[GenerateSerializer, Alias("maskrcnn.job-conflict")]
public sealed class JobConflictException(string job, string difference)
    : JobException(job, $"Job '{job}' exists with other parameters: {difference}. Submit under another name, or with the same parameters.")
{
    /// <summary>What differs: the parameter, its value there and here.</summary>
    [Id(0)] public string Difference { get; } = difference;
}

/// <summary>What was asked for cannot be: a URI that cannot be read, a model that is none, a value out of range.</summary>
[GenerateSerializer, Alias("maskrcnn.job-rejected")]
public sealed class JobRejectedException(string job, IReadOnlyList<string> problems)
    : JobException(job, string.Join(Environment.NewLine, problems))
{
    /// <summary>Everything that is wrong, a sentence each.</summary>
    [Id(0)] public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>The job is in a state in which this cannot be done.</summary>
[GenerateSerializer, Alias("maskrcnn.job-state-error")]
public sealed class JobStateException(string job, JobState state, string wanted)
    : JobException(job, $"Job '{job}' is {state}; {wanted}.")
{
    /// <summary>The state it is in.</summary>
    [Id(0)] public JobState State { get; } = state;
}
