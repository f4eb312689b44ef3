using Microsoft.AspNetCore.Builder;

namespace MaskRcnn.Silo.Health;

/// <summary>What a silo has on its health port beside the answers on its health.</summary>
internal interface IAdminPage
{
    /// <summary>Whether only this machine may ask for it: then the port is at 127.0.0.1, too.</summary>
    bool IsForThisMachine => false;

    /// <summary>Adds its paths.</summary>
    void Map(WebApplication server);
}
