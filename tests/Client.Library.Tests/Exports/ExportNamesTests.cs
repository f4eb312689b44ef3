using MaskRcnn.Client.Exports;

namespace MaskRcnn.Client.Library.Tests.Exports;

public sealed class ExportNamesTests
{
    /// <summary>The rule, plainly: all stems in a set.</summary>
    private static bool HasTwins(IEnumerable<string> names)
    {
        var stems = new HashSet<string>();
        return names.Any(name => !stems.Add(name[..name.LastIndexOf('.')]));
    }

    [Fact]
    public void Two_images_of_one_file_are_found_among_any_sorted_names()
    {
        const string Alphabet = "ab.-/";
        var random = new Random(1);
        int twins = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string[] names = [.. Enumerable.Range(0, random.Next(1, 12))
                .Select(_ => "n" + string.Concat(Enumerable.Range(0, random.Next(0, 6)).Select(_ => Alphabet[random.Next(Alphabet.Length)])) + ".x" + (random.Next(2) == 0 ? "" : "y"))
                .Where(name => !name.Contains("/.x", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
            bool expected = HasTwins(names);
            var checker = new ExportNames("here");
            Exception? found = Record.Exception(() => Array.ForEach(names, checker.CheckStem));
            Assert.True(expected == found is ExportException, $"{string.Join(" ", names)}: {found?.Message ?? "nothing found"}");
            twins += expected ? 1 : 0;
        }
        Assert.InRange(twins, 1000, 19_000);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a.b/c")]
    [InlineData("a/.png")]
    public void A_name_without_an_ending_has_no_file_of_another(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<ExportException>(() => new ExportNames("here").CheckStem(name)).Message, StringComparison.Ordinal);
}
