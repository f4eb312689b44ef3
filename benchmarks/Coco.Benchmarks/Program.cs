using MaskRcnn.Coco.Benchmarks;

return args switch
{
    ["generate", string folder] => Generate(folder, 5000),
    ["generate", string folder, string images] => Generate(folder, int.Parse(images, System.Globalization.CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Generate(string folder, int images)
{
    (int objects, int detections) = new SyntheticCoco(images, seed: 1).Write(folder);
    Console.WriteLine($"{images} images, {objects} objects, {detections} detections in {folder}");
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: generate FOLDER [IMAGES]");
    return 2;
}
