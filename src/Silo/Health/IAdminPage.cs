using Microsoft.AspNetCore.Builder;

namespace MaskRcnn.Silo.Health;

/// <summary>What a silo has on its health port beside the answers on its health.</summary>
internal interface IAdminPage
{
    /// <summary>Adds its paths.</summary>
    void Map(WebApplication server);
}
