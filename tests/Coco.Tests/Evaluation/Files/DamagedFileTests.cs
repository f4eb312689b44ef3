using System.Text;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Tests.Evaluation.Files;

/// <summary>Whatever a file holds, evaluating it ends in numbers or in an error with a place, in bounded memory.</summary>
[Collection(nameof(DamagedFileTests))]
[CollectionDefinition(nameof(DamagedFileTests), DisableParallelization = true)] // allocations are counted for the whole process
public sealed class DamagedFileTests : IDisposable
{
    private const int Seeds = 150;

    private static readonly byte[][] Insertions = [.. new[] { "0", "-1", "9999999999", "1e308", "null", "[]", "{}", "\"", "[[1e9,1e9,2,2,3,3]]", ",", "\\" }.Select(Encoding.UTF8.GetBytes)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bbox", IouType.Bbox)]
    [InlineData("segm", IouType.Segm)]
    [InlineData("keypoints", IouType.Keypoints)]
    public void Damaged_files_end_in_numbers_or_in_a_format_error(string name, IouType iouType)
    {
        (string groundTruth, string results) = GoldenData.Split(name, _folder);
        var options = new FileEvaluationOptions { GroundTruthPath = groundTruth, ResultsPath = results, Parameters = EvaluationParameters.Default(iouType), PerImage = true };
        byte[] goodTruth = File.ReadAllBytes(groundTruth), goodResults = File.ReadAllBytes(results);
        int failed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            File.WriteAllBytes(groundTruth, seed % 2 == 0 ? Damage(goodTruth, random) : goodTruth);
            File.WriteAllBytes(results, seed % 2 == 1 ? Damage(goodResults, random) : goodResults);
            long before = GC.GetTotalAllocatedBytes();
            try
            {
                FileEvaluation.Run(options);
            }
            catch (CocoFormatException exception)
            {
                Assert.True(exception.Message.Length is > 20 and < 5000, exception.Message);
                failed++;
            }
            long allocated = GC.GetTotalAllocatedBytes() - before;
            Assert.True(allocated < 200_000_000, $"Seed {seed} allocated {allocated} bytes for {goodTruth.Length + goodResults.Length} bytes of files.");
        }
        Assert.InRange(failed, Seeds / 4, Seeds);
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        List<byte> text = [.. good];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(text.Count);
            switch (random.Next(4))
            {
                case 0:
                    text[at] = (byte)random.Next(32, 127);
                    break;
                case 1:
                    text.RemoveRange(at, Math.Min(random.Next(1, 30), text.Count - at));
                    break;
                case 2:
                    text.InsertRange(at, Insertions[random.Next(Insertions.Length)]);
                    break;
                default:
                    // A digit more or another digit keeps the form and changes the meaning.
                    int digit = text.FindIndex(at, c => char.IsAsciiDigit((char)c));
                    if (digit >= 0) text.InsertRange(digit, [.. Enumerable.Repeat((byte)'0' + random.Next(1, 10), random.Next(1, 4)).Select(c => (byte)c)]);
                    break;
            }
        }
        return [.. text];
    }
}
