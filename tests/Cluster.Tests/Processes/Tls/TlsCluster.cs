using System.Globalization;
using System.Net;
using MaskRcnn.Client;
using MaskRcnn.Client.Connection;
using MaskRcnn.Detection.Tests;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Transport;
using MaskRcnn.Transport.Tests;

namespace MaskRcnn.Cluster.Tests.Processes.Tls;

/// <summary>A coordinator and a worker that talk by mutual TLS, and certificates of a client.</summary>
public sealed class TlsCluster : IAsyncLifetime
{
    internal const int Images = 12;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    internal TestAuthority Authority { get; } = new();

    internal CertificateFolder SiloFiles { get; private set; } = null!;

    internal CertificateFolder ClientFiles { get; private set; } = null!;

    internal SiloProcess Coordinator { get; private set; } = null!;

    internal SiloProcess Worker { get; private set; } = null!;

    internal string Gateway => Coordinator.GatewayAddress.ToString();

    public async ValueTask InitializeAsync()
    {
        (SiloFiles, ClientFiles) = (new CertificateFolder(Authority.Pem, Authority.Issue("silo")), new CertificateFolder(Authority.Pem, Authority.Issue("client")));
        TinyModel.Write(In("model.safetensors"));
        Directory.CreateDirectory(In("images"));
        for (int i = 0; i < Images; i++) File.WriteAllBytes(In(string.Create(CultureInfo.InvariantCulture, $"images/{i:D2}.bmp")), BmpFile.Black(8));
        int[] ports = FreePorts.Find(3);
        Coordinator = new SiloProcess("coordinator", Settings("coordinator", ports[0], ports[1], ports[0]), "MaskRcnn.Cluster.Tests.Host");
        await Coordinator.ReadyAsync();
        Worker = new SiloProcess("worker", Settings("worker", ports[2], 0, ports[0]), "MaskRcnn.Cluster.Tests.Host");
        await Worker.ReadyAsync();
    }

    public ValueTask DisposeAsync()
    {
        Worker?.Dispose();
        Coordinator?.Dispose();
        SiloFiles?.Dispose();
        ClientFiles?.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    internal string In(string relative) => Path.Combine(_folder.FullName, relative);

    internal Task<MaskRcnnClient> ConnectAsync(TlsFiles? files, TimeSpan? wait = null) => MaskRcnnClient.ConnectAsync(
        ClusterAddress.Parse(Gateway), new MaskRcnnClientOptions { ConnectTimeout = wait ?? Patience.Usual, PollInterval = TimeSpan.FromMilliseconds(200), Tls = files });

    private SiloSettings Settings(string role, int port, int gateway, int primary) => new()
    {
        Roles = [role],
        Supervised = true,
        Cluster = new ClusterSettings { Primary = new IPEndPoint(IPAddress.Loopback, primary).ToString() },
        Endpoints = new EndpointSettings { SiloPort = port, GatewayPort = gateway },
        Tls = new TlsSettings { CaFile = SiloFiles.Files.CaFile, CertificateFile = SiloFiles.Files.CertificateFile, KeyFile = SiloFiles.Files.KeyFile },
        Storage = new StorageSettings { State = In("state") },
        Worker = new WorkerSettings { Cache = In("cache") },
    };
}
