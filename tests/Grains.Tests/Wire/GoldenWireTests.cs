using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace MaskRcnn.Grains.Tests.Wire;

/// <summary>
/// What an earlier version wrote is read by this one: tests/data/wire has the bytes of each type. A file is written once, when its
/// type is new (run the tests with MASKRCNN_WRITE_WIRE=1), and never again: members are added with new ids, and ids keep their meaning.
/// When a type gets members, its file goes to earlier/ under the next number, where it is read on, and a new one is written.
/// </summary>
public sealed class GoldenWireTests : IDisposable
{
    private static readonly Assembly[] Assemblies = [typeof(IJobGrain).Assembly, typeof(PartitionTable).Assembly];
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Here(), "../../data/wire"));

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<string> Samples => [.. WireSamples.All.Select(sample => AliasOf(sample.GetType()) ?? sample.GetType().Name)];

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_was_written_before_is_read_now(string alias)
    {
        object sample = WireSamples.All.Single(s => AliasOf(s.GetType()) == alias);
        Serializer serializer = _services.GetRequiredService<Serializer>();
        string file = Path.Combine(Folder, alias + ".bin");
        if (Environment.GetEnvironmentVariable("MASKRCNN_WRITE_WIRE") == "1" && !File.Exists(file))
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllBytes(file, serializer.SerializeToArray<object>(sample));
        }
        Assert.True(File.Exists(file), $"{alias} has no golden file; run the tests with MASKRCNN_WRITE_WIRE=1 and commit tests/data/wire/{alias}.bin.");
        object? read = serializer.Deserialize<object>(File.ReadAllBytes(file));
        Assert.IsType(sample.GetType(), read);
        Assert.Equal(Text(sample), Text(read));
        if (sample is Exception exception) Assert.Equal(exception.Message, ((Exception)read).Message);
    }

    public static TheoryData<string> Earlier => [.. Directory.EnumerateFiles(Path.Combine(Folder, "earlier"), "*.bin").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Earlier))]
    public void What_was_written_before_a_type_had_all_its_members_is_read_and_the_others_have_their_defaults(string file)
    {
        string alias = Path.GetFileNameWithoutExtension(file);
        object sample = WireSamples.All.Single(s => AliasOf(s.GetType()) == alias);
        object read = _services.GetRequiredService<Serializer>().Deserialize<object>(File.ReadAllBytes(Path.Combine(Folder, "earlier", file + ".bin")))!;
        Assert.IsType(sample.GetType(), read);
        Compare(JsonSerializer.SerializeToNode(sample, sample.GetType())!, JsonSerializer.SerializeToNode(read, sample.GetType())!);

        static void Compare(JsonNode expected, JsonNode found)
        {
            foreach ((string member, JsonNode? value) in found.AsObject())
            {
                JsonNode? original = expected[member];
                if (value is JsonObject && original is JsonObject) Compare(original, value);
                else Assert.True(JsonNode.DeepEquals(original, value) || value is null or JsonArray { Count: 0 } || value.ToJsonString() is "0" or "false", $"{member} is {value}; it was written as {original}.");
            }
        }
    }

    [Fact]
    public void Every_type_of_the_wire_has_an_alias_of_its_own_and_a_sample()
    {
        Type[] types = [.. Assemblies.SelectMany(a => a.GetTypes()).Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is not null)];
        Assert.True(types.Length > 20, $"{types.Length} types were found.");
        Assert.All(types, type => Assert.True(AliasOf(type)?.StartsWith("maskrcnn.", StringComparison.Ordinal) == true, $"{type} needs an [Alias(\"maskrcnn.…\")], so that it may be renamed."));
        Assert.Equal(types.Length, types.Select(AliasOf).Distinct().Count());
        Type[] without = [.. types.Where(type => !type.IsAbstract && WireSamples.All.All(sample => sample.GetType() != type))];
        Assert.True(without.Length == 0, $"{string.Join(", ", without.Select(t => t.Name))}: add an instance to {nameof(WireSamples)} with a value of its own for every member.");
    }

    [Fact]
    public void Every_sample_differs_from_the_default_in_every_member()
    {
        // A member that has its default in the golden file would not show that it is read.
        foreach (object sample in WireSamples.All.Where(s => s is not Exception && !s.GetType().IsEnum))
        {
            foreach (PropertyInfo property in sample.GetType().GetProperties().Where(p => p.GetCustomAttribute<IdAttribute>() is not null))
            {
                object? value = property.GetValue(sample);
                object? zero = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
                // Thumbnails are on by default, so that false is the other value.
                Assert.True(!Equals(value, zero) || property.Name == nameof(JobSpecification.Thumbnails), $"{sample.GetType().Name}.{property.Name} is {value ?? "null"} in {nameof(WireSamples)}.");
            }
        }
    }

    [Fact]
    public void No_golden_file_is_without_its_type()
    {
        string[] unknown = [.. Directory.EnumerateFiles(Folder, "*.bin").Select(file => Path.GetFileNameWithoutExtension(file)!).Except(WireSamples.All.Select(s => AliasOf(s.GetType())!))];
        Assert.True(unknown.Length == 0, $"tests/data/wire has {string.Join(", ", unknown)}, and no type has this alias: what was written under it cannot be read any more.");
    }

    private static string? AliasOf(Type type) => type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    /// <summary>All that was serialised, for comparison: records compare their lists by reference.</summary>
    private static string Text(object value)
    {
        if (value is not Exception) return JsonSerializer.Serialize(value);
        return JsonSerializer.Serialize(value.GetType().GetProperties().Where(p => p.GetCustomAttribute<IdAttribute>() is not null).OrderBy(p => p.Name).ToDictionary(p => p.Name, p => p.GetValue(value)));
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
