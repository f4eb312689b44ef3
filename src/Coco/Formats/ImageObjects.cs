using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Images;

namespace MaskRcnn.Coco.Formats;

/// <summary>A data set's objects by image, once all references are known to hold.</summary>
internal sealed class ImageObjects
{
    private readonly ILookup<long, CocoAnnotation> _byImage;

    /// <exception cref="DatasetContentException">Two images or categories have one id, or an annotation is of an unknown image or category.</exception>
    public ImageObjects(string file, CocoDataset dataset)
    {
        Images = ById(file, dataset.Images, image => image.Id, "images");
        Dictionary<long, CocoCategory> categories = ById(file, dataset.Categories, category => category.Id, "categories");
        foreach (CocoAnnotation annotation in dataset.Annotations)
        {
            if (!Images.ContainsKey(annotation.ImageId)) throw Unknown("image_id", annotation.ImageId, "images", Images.Count);
            if (!categories.ContainsKey(annotation.CategoryId)) throw Unknown("category_id", annotation.CategoryId, "categories", categories.Count);

            DatasetContentException Unknown(string member, long id, string what, int count) => new(
                file, $"annotation {annotation.Id}: \"{member}\" is {id}",
                $"one of the data set's {count} {what} ('maskrcnn coco validate' lists all such annotations)");
        }
        _byImage = dataset.Annotations.ToLookup(a => a.ImageId);
    }

    public Dictionary<long, CocoImage> Images { get; }

    /// <summary>The image's objects in the file's order.</summary>
    public IEnumerable<CocoAnnotation> Of(CocoImage image) => _byImage[image.Id];

    /// <summary>Checks that the images can be drawn.</summary>
    /// <exception cref="DatasetContentException">An image has no pixels, or too many.</exception>
    public static void CheckSizes(string file, CocoDataset dataset)
    {
        foreach (CocoImage image in dataset.Images)
        {
            if (image.Width < 1 || image.Height < 1 || (long)image.Width * image.Height > ImageFile.MaxPixels)
                throw new DatasetContentException(
                    file, $"image {image.Id}: the size is {image.Width} × {image.Height}", $"1 to {ImageFile.MaxPixels} pixels");
        }
    }

    private static Dictionary<long, T> ById<T>(string file, IEnumerable<T> elements, Func<T, long> id, string what)
    {
        var byId = new Dictionary<long, T>();
        foreach (T element in elements)
        {
            if (!byId.TryAdd(id(element), element))
                throw new DatasetContentException(file, $"the id {id(element)} is that of two {what}", "an own id for each");
        }
        return byId;
    }
}
