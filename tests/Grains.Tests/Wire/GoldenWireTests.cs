using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace MaskRcnn.Grains.Tests.Wire;

/// <summary>
/// What an earlier version wrote is read by this one: tests/data/wire has the bytes of each type. A file is written once, when its
/// type is new or has got members (run the tests with MASKRCNN_WRITE_WIRE=1), and never again: members are added with new ids, and ids
/// keep their meaning. <c>alias.bin</c> is of the first version, <c>alias@2.bin</c> of the second, …
/// </summary>
public sealed class GoldenWireTests : IDisposable
{
    private static readonly Assembly[] Assemblies = [typeof(IJobGrain).Assembly, typeof(PartitionTable).Assembly];
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Here(), "../../data/wire"));

    /// <summary>Types that have got members since: the last id of their first version. A file of that version has no later ones.</summary>
    private static readonly Dictionary<Type, uint> LastIdOfFirstVersion = new()
    {
        [typeof(JobWork)] = 3, [typeof(JobDemand)] = 4, [typeof(DryRunReport)] = 12, [typeof(JobRecovery)] = 3, [typeof(JobSpecification)] = 18, [typeof(JobStatus)] = 13,
        [typeof(PartitionStatus)] = 3, [typeof(WorkerReport)] = 9, [typeof(LeaseSnapshot)] = 7, [typeof(PartitionState)] = 5, [typeof(PartitionMemory)] = 0,
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<string> Samples => [.. WireSamples.All.Select(sample => AliasOf(sample.GetType()) ?? sample.GetType().Name)];

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_was_written_before_is_read_now(string alias)
    {
        object sample = WireSamples.All.Single(s => AliasOf(s.GetType()) == alias);
        Serializer serializer = _services.GetRequiredService<Serializer>();
        string[] files = Files(alias);
        if (Environment.GetEnvironmentVariable("MASKRCNN_WRITE_WIRE") == "1" && (files.Length == 0 || Text(Read(serializer, files[^1])) != Text(sample)))
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllBytes(Path.Combine(Folder, files.Length == 0 ? $"{alias}.bin" : $"{alias}@{files.Length + 1}.bin"), serializer.SerializeToArray<object>(sample));
            files = Files(alias);
        }
        const string Write = "run the tests with MASKRCNN_WRITE_WIRE=1 and commit what is new in tests/data/wire";
        Assert.True(files.Length > 0, $"{alias} has no golden file; {Write}.");
        foreach (string file in files)
        {
            object read = Read(serializer, file);
            Assert.IsType(sample.GetType(), read);
            string? lost = Difference(sample, read, "");
            Assert.True(lost is null, $"{Path.GetFileName(file)}: {lost}");
            if (sample is Exception exception) Assert.Equal(exception.Message, ((Exception)read).Message);
        }
        Assert.True(Text(sample) == Text(Read(serializer, files[^1])), $"{alias} has members that {Path.GetFileName(files[^1])} has not; {Write}.");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_an_earlier_version_did_not_send_is_not_null_where_it_must_not_be(string alias)
    {
        // What is read from the wire runs no initialisers: in a rolling upgrade a new silo would fail on what an old one sends.
        Serializer serializer = _services.GetRequiredService<Serializer>();
        foreach (string file in Files(alias))
        {
            object read = Read(serializer, file);
            if (read is JobSpecification specification) read = specification.Completed();
            string? missing = Missing(read, "");
            Assert.True(missing is null, $"{Path.GetFileName(file)}: {missing} is null, and it is declared as never null.");
        }
    }

    [Fact]
    public void What_an_earlier_client_or_silo_did_not_send_has_its_default()
    {
        Serializer serializer = _services.GetRequiredService<Serializer>();
        var asked = ((JobSpecification)Read(serializer, Path.Combine(Folder, "maskrcnn.job-specification.bin"))).Completed();
        var work = (JobWork)Read(serializer, Path.Combine(Folder, "maskrcnn.job-work.bin"));

        Assert.Equal((1, "default", 3600), (asked.Weight, asked.Pool, asked.DeadlineSeconds));
        Assert.Equal((1, "default", ""), (work.Weight, work.Pool, work.Model));
        Assert.Same(asked, asked.Completed());
        Assert.Equal(0, (asked with { Weight = 0 }).Completed().Weight);
    }

    /// <summary>The first member, its members' too, that is null and must not be.</summary>
    private static string? Missing(object value, string path)
    {
        if (AliasOf(value.GetType()) is null || value is Enum) return null;
        var nullability = new NullabilityInfoContext();
        foreach (PropertyInfo property in value.GetType().GetProperties().Where(p => p.GetCustomAttribute<IdAttribute>() is not null))
        {
            string at = $"{path}.{property.Name}";
            object? member = property.GetValue(value);
            if (member is null && !property.PropertyType.IsValueType && nullability.Create(property).ReadState == NullabilityState.NotNull) return at;
            object[] inner = member is IList list ? [.. list.Cast<object>()] : member is null ? [] : [member];
            if (inner.Select((element, i) => Missing(element, member is IList ? $"{at}[{i}]" : at)).FirstOrDefault(name => name is not null) is { } found) return found;
        }
        return null;
    }

    private static string[] Files(string alias) =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*.bin").Where(file => AliasOfFile(file) == alias).OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal)] : [];

    private static string AliasOfFile(string file) => Path.GetFileNameWithoutExtension(file).Split('@')[0];

    private static object Read(Serializer serializer, string file) => serializer.Deserialize<object>(File.ReadAllBytes(file))!;

    /// <summary>Where a member that was there from the first version on is not as it was written.</summary>
    private static string? Difference(object? sample, object? read, string path)
    {
        if (sample is not null && read is not null && sample is not (Enum or Exception) && AliasOf(sample.GetType()) is not null)
        {
            uint last = LastIdOfFirstVersion.GetValueOrDefault(sample.GetType(), uint.MaxValue);
            return sample.GetType().GetProperties().Where(property => property.GetCustomAttribute<IdAttribute>() is { } id && id.Id <= last)
                .Select(property => Difference(property.GetValue(sample), property.GetValue(read), $"{path}.{property.Name}")).FirstOrDefault(difference => difference is not null);
        }
        if (sample is IList expected && read is IList found && expected.Count == found.Count)
            return Enumerable.Range(0, expected.Count).Select(i => Difference(expected[i], found[i], $"{path}[{i}]")).FirstOrDefault(difference => difference is not null);
        (string written, string now) = (sample is null ? "null" : Text(sample), read is null ? "null" : Text(read));
        return written == now ? null : $"{path} was {written} when it was written, and is read as {now}";
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
        string[] unknown = [.. Directory.EnumerateFiles(Folder, "*.bin").Select(AliasOfFile).Except(WireSamples.All.Select(s => AliasOf(s.GetType())!))];
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
