using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Tests.Partitions;

public sealed class DeathSimulationTests
{
    private const int Images = 16;
    private const double ShardSeconds = 20, MeanLife = 60;

    [Fact]
    public void With_a_death_a_minute_of_each_worker_no_healthy_image_of_100_000_shards_is_given_up()
    {
        var simulation = new DeathSimulation(seed: 1, 100_000, Images, ShardSeconds, MeanLife, poison: []);
        simulation.Run(workers: 500, mostHours: 6);
        Assert.Empty(simulation.GivenUp);
        Assert.Equal(new ImageCounts(1_600_000, 1_600_000, 0), simulation.Counts);
        // Otherwise the test would show nothing: about one death for each minute of the 100 000 × 20 s of work, and more.
        Assert.True(simulation.Deaths > 30_000, $"There were {simulation.Deaths} deaths.");
        Assert.True(simulation.Splits > 3000, $"There were {simulation.Splits} splits.");
    }

    [Fact]
    public void Among_all_the_deaths_the_images_that_kill_are_found_and_only_they_are_given_up()
    {
        long[] poison = [0, 17, 4321 * Images + 5, 4321 * Images + 6, 9999 * Images + 15];
        var simulation = new DeathSimulation(seed: 2, 10_000, Images, ShardSeconds, MeanLife, poison);
        simulation.Run(workers: 200, mostHours: 6);
        Assert.Equal(poison, simulation.GivenUp);
        Assert.Equal(new ImageCounts(160_000, 160_000 - poison.Length, poison.Length), simulation.Counts);
    }

    [Fact]
    public void A_collection_of_nothing_but_killers_comes_to_an_end()
    {
        var simulation = new DeathSimulation(seed: 3, shards: 3, images: 4, shardSeconds: 1, MeanLife, poison: Enumerable.Range(0, 12).Select(i => (long)i));
        simulation.Run(workers: 2, mostHours: 6);
        Assert.Equal(12, simulation.GivenUp.Count);
    }
}
