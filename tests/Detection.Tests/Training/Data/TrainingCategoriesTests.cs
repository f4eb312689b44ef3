using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Tests.Training.Data;

public sealed class TrainingCategoriesTests
{
    [Fact]
    public void A_new_models_labels_are_the_categories_by_id() =>
        Assert.Equal([new LabelledCategory(1, 3, "b"), new LabelledCategory(2, 8, "a")], TrainingCategories.FromData([Category(8, "a"), Category(3, "b")]));

    [Fact]
    public void Categories_that_cannot_be_labels_are_an_error()
    {
        Assert.Contains("no categories", Assert.Throws<TrainingDataException>(() => TrainingCategories.FromData([])).Message);
        Assert.Contains("2 categories with the id 3: 'a', 'b'", Assert.Throws<TrainingDataException>(() => TrainingCategories.FromData([Category(3, "a"), Category(3, "b")])).Message);
        Assert.Contains("2 categories with the name 'a' (ids 3, 4)", Assert.Throws<TrainingDataException>(() => TrainingCategories.FromData([Category(3, "a"), Category(4, "a")])).Message);
    }

    [Fact]
    public void Labels_are_found_by_name_then_by_name_in_any_case_then_by_id()
    {
        ModelConfiguration model = new() { Classes = 4, Categories = [new(1, 10, "cat"), new(2, 20, "Cat"), new(3, 30, "dog")] };
        Assert.Equal([(5L, 2), (6L, 1), (7L, 3)], Sorted(model, [Category(5, "Cat"), Category(6, "cat"), Category(7, "DOG"), Category(8, "bird")]));
        Assert.Equal([(10L, 1), (30L, 3)], Sorted(model, [Category(10, "x"), Category(30, "y"), Category(31, "z")]));
        Assert.Equal([(1L, 1), (2L, 2)], Sorted(new ModelConfiguration { Classes = 3 }, [Category(1, "x"), Category(2, "y"), Category(3, "z")]));
    }

    private static IEnumerable<(long, int)> Sorted(ModelConfiguration model, CocoCategory[] categories) =>
        TrainingCategories.LabelsOf(model, categories).OrderBy(p => p.Key).Select(p => (p.Key, p.Value));

    private static CocoCategory Category(long id, string name) => new() { Id = id, Name = name };
}
