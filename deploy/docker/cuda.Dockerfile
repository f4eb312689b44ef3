# A silo that computes on an NVIDIA GPU; coordinators take the CPU's image, which is smaller. From the repository's root:
#   docker build -f deploy/docker/cuda.Dockerfile -t maskrcnn/silo-cuda:0.1.0 .
# CUDA's libraries come with TorchSharp-cuda-linux; the driver comes from the node, by NVIDIA's container runtime.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Packages first: they are restored again only when a project or a lock file has changed.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Coco/MaskRcnn.Coco.csproj src/Coco/packages.lock.json src/Coco/
COPY src/Detection/MaskRcnn.Detection.csproj src/Detection/packages.lock.json src/Detection/
COPY src/Storage/MaskRcnn.Storage.csproj src/Storage/packages.lock.json src/Storage/
COPY src/Transport/MaskRcnn.Transport.csproj src/Transport/packages.lock.json src/Transport/
COPY src/Grains.Abstractions/MaskRcnn.Grains.Abstractions.csproj src/Grains.Abstractions/packages.lock.json src/Grains.Abstractions/
COPY src/Grains/MaskRcnn.Grains.csproj src/Grains/packages.lock.json src/Grains/
COPY src/Silo/MaskRcnn.Silo.csproj src/Silo/packages.lock.json src/Silo/
# The GPU build has other packages than the lock files; its restore is not locked.
RUN dotnet restore src/Silo/MaskRcnn.Silo.csproj -p:TorchBackend=cuda
COPY src src
RUN dotnet publish src/Silo/MaskRcnn.Silo.csproj -c Release --no-restore -p:TorchBackend=cuda -o /app
# What comes of libtorch's packages becomes a layer of its own, which a change of our code leaves as it is.
RUN mkdir -p /libtorch/runtimes/linux-x64/native \
    && find /app/runtimes/linux-x64/native -type f ! -name 'libLibTorchSharp*' ! -name 'libSkiaSharp*' ! -name 'libvips*' \
        -exec mv -t /libtorch/runtimes/linux-x64/native {} +

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble AS silo
# The root file system may be read-only: what is written goes to these two, which are volumes.
RUN install -d -o 1654 -g 1654 /var/cache/maskrcnn
VOLUME ["/tmp", "/var/cache/maskrcnn"]
WORKDIR /app
COPY --from=build /libtorch/ ./
COPY --from=build /app/ ./
ENV MASKRCNN_Worker__Cache=/var/cache/maskrcnn NVIDIA_DRIVER_CAPABILITIES=compute,utility
# Silos, clients, health: the ports of deploy/k8s.
EXPOSE 11111 30000 8081
# The user 'app' of the base image, as a number: so Kubernetes can tell that it is not root.
USER 1654:1654
ENTRYPOINT ["dotnet", "MaskRcnn.Silo.dll"]
