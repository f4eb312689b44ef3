using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Listing;

namespace MaskRcnn.Grains.Tests.Listing;

public sealed class CategoryMatchingTests
{
    private static readonly ModelConfiguration Model = new() { Classes = 5, Categories = [new(1, 18, "dog"), new(2, 17, "Cat"), new(4, 99, "cow")] };

    [Fact]
    public void Without_a_ground_truth_the_models_own_are_taken()
    {
        CategoryMatching matching = CategoryMatching.Of(Model, null);
        Assert.Equal([new CategoryDocument(1, 18, "dog"), new(2, 17, "Cat"), new(3, 3, "label 3"), new(4, 99, "cow")], matching.Categories);
        Assert.Empty(matching.Evaluated);
        Assert.Empty(matching.Notes);
    }

    [Fact]
    public void Names_match_exactly_and_then_in_any_case_and_the_rest_gets_ids_above()
    {
        CategoryMatching matching = CategoryMatching.Of(Model, [Category(7, "cat"), Category(5, "DOG"), Category(6, "dog")]);
        Assert.Equal([new CategoryDocument(1, 6, "dog"), new(2, 7, "cat"), new(3, 8, "label 3"), new(4, 9, "cow")], matching.Categories);
        Assert.Equal([new CategoryDocument(0, 5, "DOG"), new(0, 6, "dog"), new(0, 7, "cat")], matching.Evaluated);
        Assert.Contains("'label 3', 'cow'", matching.Notes[0], StringComparison.Ordinal);
        Assert.Contains("'DOG'", matching.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_name_matches_ids_are_compared_and_it_is_said()
    {
        CategoryMatching matching = CategoryMatching.Of(Model, [Category(17, "katze"), Category(18, "hund")]);
        Assert.Equal([18L, 17, 19, 20], matching.Categories.Select(c => c.Id));
        Assert.Equal("hund", matching.Categories[0].Name);
        Assert.Contains("by id", matching.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_label_has_an_id_of_its_own_also_with_strange_annotations()
    {
        foreach (CocoCategory[] truth in new CocoCategory[][] { [], [Category(1, "x")], [Category(3, "dog"), Category(3, "dog"), Category(4, "dog")] })
            Assert.Equal(4, CategoryMatching.Of(Model, truth).Categories.Select(c => c.Id).Distinct().Count());
        Assert.Throws<ArgumentException>(() => CategoryMatching.Of(Model, [Category(long.MaxValue, "x")]));
    }

    private static CocoCategory Category(long id, string name) => new() { Id = id, Name = name };
}
