using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Benchmarks;

/// <summary>
/// A data set shaped like COCO val2017: 5000 images, about 36 450 objects as polygons of 24 corners, 80 categories,
/// 100 detections an image, as boxes and as compressed RLEs. Equal arguments give equal files.
/// </summary>
internal sealed class SyntheticCoco(int images, ulong seed)
{
    private const int Corners = 24, DetectionsPerImage = 100, ObjectsPerThousandImages = 7290, Categories = 80;

    private readonly Random _random = new((int)seed);

    /// <summary>Writes gt.json, dt-bbox.json and dt-segm.json.</summary>
    public (int Objects, int Detections) Write(string folder)
    {
        Directory.CreateDirectory(folder);
        CocoCategory[] categories = [.. Enumerable.Range(0, Categories).Select(c => new CocoCategory { Id = c + 1 + c / 8, Name = $"category {c}" })];
        var imageList = new List<CocoImage>();
        var objects = new List<CocoAnnotation>();
        var boxes = new List<CocoAnnotation>();
        var masks = new List<CocoAnnotation>();
        for (int i = 0; i < images; i++)
        {
            var image = new CocoImage { Id = 139 + 17L * i, FileName = $"{i:D12}.jpg", Height = 360 + 8 * _random.Next(36), Width = 480 + 8 * _random.Next(21) };
            imageList.Add(image);
            int target = (int)((long)(i + 1) * ObjectsPerThousandImages / 1000);
            var shapes = new List<(Shape Shape, long Category)>();
            while (objects.Count < target)
            {
                Shape shape = NewShape(image);
                long category = categories[PickCategory()].Id;
                shapes.Add((shape, category));
                objects.Add(Object(objects.Count + 1, image, category, shape, crowd: _random.Next(100) == 0));
            }
            for (int d = 0; d < DetectionsPerImage; d++)
            {
                // A third of the detections lie near an object, most of them of its category.
                bool near = shapes.Count > 0 && _random.Next(3) == 0;
                (Shape shape, long category) = near ? shapes[_random.Next(shapes.Count)] : (NewShape(image), categories[PickCategory()].Id);
                if (near) shape = Jitter(shape);
                if (near && _random.Next(10) == 0) category = categories[PickCategory()].Id;
                double score = (float)(near ? .3 + .7 * _random.NextDouble() : Math.Pow(_random.NextDouble(), 3));
                (BoundingBox box, Rle mask) = Draw(shape, image);
                boxes.Add(new CocoAnnotation { ImageId = image.Id, CategoryId = category, Score = score, Box = box });
                masks.Add(new CocoAnnotation { ImageId = image.Id, CategoryId = category, Score = score, Segmentation = Segmentation.CompressedRle.From(mask) });
            }
        }
        CocoWriter.WriteDataset(Path.Combine(folder, "gt.json"), new CocoDataset { Images = imageList, Annotations = objects, Categories = categories });
        CocoWriter.WriteResults(Path.Combine(folder, "dt-bbox.json"), boxes);
        CocoWriter.WriteResults(Path.Combine(folder, "dt-segm.json"), masks);
        return (objects.Count, boxes.Count);
    }

    private readonly record struct Shape(double X, double Y, double RadiusX, double RadiusY, int Wobble);

    // A few categories are common, as "person" is in COCO.
    private int PickCategory() => (int)(Categories * Math.Pow(_random.NextDouble(), 2));

    private Shape NewShape(CocoImage image)
    {
        double radius = 6 * Math.Exp(3 * _random.NextDouble());
        return new Shape(_random.NextDouble() * image.Width, _random.NextDouble() * image.Height, radius, radius * (.6 + .8 * _random.NextDouble()), _random.Next());
    }

    private Shape Jitter(Shape shape)
    {
        double amount = .25 * _random.NextDouble();
        return shape with
        {
            X = shape.X + amount * shape.RadiusX * (2 * _random.NextDouble() - 1),
            Y = shape.Y + amount * shape.RadiusY * (2 * _random.NextDouble() - 1),
            RadiusX = shape.RadiusX * (1 + amount * (_random.NextDouble() - .5)),
            RadiusY = shape.RadiusY * (1 + amount * (_random.NextDouble() - .5)),
        };
    }

    private static double[] Polygon(Shape shape, CocoImage image)
    {
        var random = new Random(shape.Wobble);
        var polygon = new double[2 * Corners];
        for (int i = 0; i < Corners; i++)
        {
            double angle = 2 * Math.PI * i / Corners, reach = .85 + .3 * random.NextDouble();
            polygon[2 * i] = Math.Round(Math.Clamp(shape.X + reach * shape.RadiusX * Math.Cos(angle), 0, image.Width), 2);
            polygon[2 * i + 1] = Math.Round(Math.Clamp(shape.Y + reach * shape.RadiusY * Math.Sin(angle), 0, image.Height), 2);
        }
        return polygon;
    }

    private static CocoAnnotation Object(long id, CocoImage image, long category, Shape shape, bool crowd)
    {
        double[] polygon = Polygon(shape, image);
        Rle mask = PolygonRasterizer.Rasterize(polygon.AsSpan(), image.Height, image.Width);
        return new CocoAnnotation
        {
            Id = id,
            ImageId = image.Id,
            CategoryId = category,
            Box = Extent(polygon),
            Area = mask.Area,
            IsCrowd = crowd,
            Segmentation = crowd ? new Segmentation.UncompressedRle(mask.Height, mask.Width, mask.Counts.ToArray()) : new Segmentation.Polygons([polygon]),
        };
    }

    private static (BoundingBox Box, Rle Mask) Draw(Shape shape, CocoImage image)
    {
        double[] polygon = Polygon(shape, image);
        BoundingBox box = Extent(polygon);
        // As a network in float32 writes it.
        var rounded = new BoundingBox((float)(box.X + .013), (float)(box.Y + .017), (float)(box.Width * 1.001), (float)(box.Height * .999));
        return (rounded, PolygonRasterizer.Rasterize(polygon.AsSpan(), image.Height, image.Width));
    }

    private static BoundingBox Extent(double[] polygon)
    {
        double left = double.MaxValue, top = double.MaxValue, right = 0, bottom = 0;
        for (int i = 0; i < polygon.Length; i += 2)
        {
            (left, right) = (Math.Min(left, polygon[i]), Math.Max(right, polygon[i]));
            (top, bottom) = (Math.Min(top, polygon[i + 1]), Math.Max(bottom, polygon[i + 1]));
        }
        return new BoundingBox(left, top, right - left, bottom - top);
    }
}
