namespace MaskRcnn.Silo.Settings;

/// <summary>Orleans' dashboard, at <c>/dashboard</c> of the health port. It knows no users and shows the state of grains.</summary>
public sealed record DashboardSettings
{
    /// <summary>Whether it is there; default false.</summary>
    public bool Enabled { get; init; }

    /// <summary>The operator's word that only operators reach the health port; default false: it answers connections to 127.0.0.1 alone.</summary>
    public bool PrivateNetwork { get; init; }
}
