namespace MaskRcnn.Silo.Health;

/// <summary>Answers on the silo that it is asked on: its grains' turns go on.</summary>
internal interface ISiloPulseGrain : IGrainWithIntegerKey
{
    /// <summary>Answers.</summary>
    [ResponseTimeout("00:00:05")]
    Task Beat();
}
