using System.Globalization;
using MaskRcnn.Coco.Benchmarks;

return args switch
{
    ["generate", string folder] => Generate(folder, 5000),
    ["generate", string folder, string images] => Generate(folder, Number(images)),
    ["eval", string folder] => EvalBenchmark.Run(folder, python: null),
    ["eval", string folder, "--peer", string python] => EvalBenchmark.Run(folder, python),
    ["parts", string folder, string images, string imagesPerPart] => Parts(folder, Number(images), Number(imagesPerPart), 100),
    ["parts", string folder, string images, string imagesPerPart, string detections] => Parts(folder, Number(images), Number(imagesPerPart), Number(detections)),
    ["accumulate", string folder] => AccumulateBenchmark.Accumulate(folder),
    ["merge", string folder, string output] => AccumulateBenchmark.Merge(folder, output),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Generate(string folder, int images)
{
    (int objects, int detections) = new SyntheticCoco(images, seed: 1).Write(folder);
    Console.WriteLine($"{images} images, {objects} objects, {detections} detections in {folder}");
    return 0;
}

static int Parts(string folder, int images, int imagesPerPart, int detections)
{
    SyntheticParts.Write(folder, images, imagesPerPart, detections);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: generate FOLDER [IMAGES] | eval FOLDER [--peer PYTHON] | parts FOLDER IMAGES IMAGES_PER_PART [DETECTIONS_PER_IMAGE] | accumulate FOLDER | merge FOLDER OUTPUT. See benchmarks/README.md.");
    return 2;
}
