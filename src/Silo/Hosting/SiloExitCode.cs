using MaskRcnn.Grains;

namespace MaskRcnn.Silo.Hosting;

/// <summary>How a silo's process ends, for whoever starts it again.</summary>
public static class SiloExitCode
{
    /// <summary>It was told to end.</summary>
    public const int Ok = 0;

    /// <summary>The settings cannot be: starting it again does not help.</summary>
    public const int Settings = 2;

    /// <summary>Another fault.</summary>
    public const int Fault = ProcessEnd.Fault;

    /// <summary>Redis or storage could not be reached when it started.</summary>
    public const int Unreachable = 4;

    /// <summary>It is missing from the list of members: start it again.</summary>
    public const int NotAMember = 7;
}
