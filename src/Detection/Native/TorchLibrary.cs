using System.Runtime.InteropServices;
using TorchSharp;

namespace MaskRcnn.Detection.Native;

/// <summary>
/// Loads libtorch and TorchSharp's native half, once, before anything else of TorchSharp is used.
/// </summary>
/// <remarks>
/// TorchSharp's library is built with GCC 13 and asks for <c>GLIBCXX_3.4.32</c>, which Debian 12 and RHEL 9 lack. It
/// needs nothing of that version (the one symbol is a marker without a relocation). Where the loader refuses the
/// library for that reason, a copy that asks for it weakly is made in a cache folder, and loaded first; the loader
/// then finds it by its name.
/// </remarks>
public static class TorchLibrary
{
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Loads the libraries if they are not loaded yet.</summary>
    /// <exception cref="TorchLibraryException">They cannot be loaded; the message says which and why.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>Tensors of this process that are not disposed of, as TorchSharp counts them; 0 before the libraries are loaded.</summary>
    public static long LiveTensors => Loaded.IsValueCreated ? torch.Tensor.TotalCount : 0;

    /// <summary>Whether the loaded libtorch was built with CUDA; a GPU may still be missing.</summary>
    internal static bool HasCuda { get; private set; }

    /// <summary>The folder with the application's native libraries, or null when they are found elsewhere (a libtorch on LD_LIBRARY_PATH).</summary>
    internal static string? NativeFolder { get; } = new[]
    {
        AppContext.BaseDirectory,
        Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64", "native"),
    }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "libLibTorchSharp.so")));

    private static bool Load()
    {
        NativeSettings.Apply();
        if (OperatingSystem.IsLinux() && NativeFolder is { } folder)
            LoadFromFolder(folder);
        try
        {
            HasCuda = (NativeFolder is { } beside && NativeLibrary.TryLoad(Path.Combine(beside, "libtorch_cuda.so"), out _)) || NativeLibrary.TryLoad("libtorch_cuda.so", out _);
            torch.InitializeDeviceType(HasCuda ? DeviceType.CUDA : DeviceType.CPU);
            torch.set_num_threads(NativeSettings.AvailableCores);
            return true;
        }
        catch (Exception error) when (error is NotSupportedException or TypeInitializationException or DllNotFoundException)
        {
            throw new TorchLibraryException(
                $"libtorch cannot be loaded: {error.GetBaseException().Message} Expected TorchSharp's native libraries beside the application (in '{AppContext.BaseDirectory}'), or a libtorch on LD_LIBRARY_PATH. Alpine (musl) is not supported; use a glibc system.",
                error);
        }
    }

    private static void LoadFromFolder(string folder)
    {
        // The needed libraries first: TorchSharp's may lie in another folder, and then finds them by name.
        foreach (string name in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
        {
            string file = Path.Combine(folder, name);
            if (File.Exists(file))
                LoadOrExplain(file);
        }

        string library = Path.Combine(folder, "libLibTorchSharp.so");
        try
        {
            NativeLibrary.Load(library);
        }
        catch (DllNotFoundException error) when (error.Message.Contains(MissingVersion, StringComparison.Ordinal))
        {
            LoadOrExplain(PatchedCopy(library));
        }
        catch (DllNotFoundException error)
        {
            throw new TorchLibraryException($"'{library}' cannot be loaded: {error.Message}", error);
        }
    }

    private static void LoadOrExplain(string file)
    {
        try
        {
            NativeLibrary.Load(file);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new TorchLibraryException($"'{file}' cannot be loaded: {error.Message}", error);
        }
    }

    /// <summary>A copy of the library that loads where <see cref="MissingVersion"/> is missing; made once, then found.</summary>
    private static string PatchedCopy(string library)
    {
        byte[] bytes = File.ReadAllBytes(library);
        if (ElfVersionNeeds.MakeWeak(bytes, MissingVersion) == 0)
            throw new TorchLibraryException($"'{library}' was refused for {MissingVersion}, but does not ask for it. Install a libstdc++ of GCC 13 or newer.", null);
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..16];
        List<string> failures = [];
        foreach (string cache in CacheFolders())
        {
            string copy = Path.Combine(cache, hash, "libLibTorchSharp.so");
            try
            {
                if (!File.Exists(copy) || new FileInfo(copy).Length != bytes.Length)
                    WriteWhole(copy, bytes);
                return copy;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failures.Add(error.Message);
            }
        }

        throw new TorchLibraryException($"This system's libstdc++ lacks {MissingVersion}, and no adapted copy of '{library}' could be written: {string.Join(" ", failures)} Make a temporary folder writable (TMPDIR), or install a libstdc++ of GCC 13 or newer.", null);
    }

    private static IEnumerable<string> CacheFolders()
    {
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (data.Length > 0)
            yield return Path.Combine(data, "maskrcnn", "native");
        yield return Path.Combine(Path.GetTempPath(), $"maskrcnn-native-{Environment.UserName}");
    }

    /// <summary>Two processes may do this at once: each writes its own file, the rename is atomic.</summary>
    private static void WriteWhole(string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string temporary = $"{file}.{Environment.ProcessId}";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, file, overwrite: true);
    }
}
