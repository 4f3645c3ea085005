using Movento.Harness;
using Movento.Servers;

namespace Movento.Journey.Tests;

/// <summary>kill -9 at any moment: what was acknowledged ends published, or rejected with a reason.</summary>
public sealed class KillTests : IAsyncLifetime
{
    // What a killed worker held is taken over after its lease: as long as a task's here, so that no kill costs half a minute.
    private readonly RunningMovento _movento = new RunningMovento().With("Ingest:Lease=00:00:10");

    [Fact]
    public async Task AcceptedUploads_AfterKillsInEveryStage_EndPublishedOrRejected()
    {
        var film = await _movento.UploadAsync(Repository.Media("nasa_13013_multitrack.mp4"));
        foreach (var stage in (string[])["probe", "encode", "package"])
        {
            await Eventually.TrueAsync(() => ReachedAsync(film, stage), $"the stage {stage} is reached");
            await RestartAsync();
        }

        var notAFilm = await _movento.UploadAsync(Repository.Media("hostile/text.mp4"));
        await RestartAsync();

        Assert.Equal("published", (await _movento.FinishedAsync(film)).GetProperty("state").GetString());
        var rejected = await _movento.FinishedAsync(notAFilm);
        Assert.Equal("rejected", rejected.GetProperty("state").GetString());
        Assert.Equal("not_media", rejected.GetProperty("rejection").GetProperty("code").GetString());

        // The announcement reaches the catalogue although the messages of the killed processes are lost.
        await Eventually.TrueAsync(
            async () => (await _movento.Http.GetAsync("/api/movies/" + film)).IsSuccessStatusCode, "the catalogue lists the film");
    }

    [Fact]
    public async Task Stop_WhileAFilmEncodes_IsOrderly_AndTheNextStartFinishesIt()
    {
        var film = await _movento.UploadAsync(Repository.Media("nasa_13013_multitrack.mp4"));
        await Eventually.TrueAsync(() => ReachedAsync(film, "encode"), "the film encodes");

        Assert.Equal(0, await _movento.StopAsync());

        await _movento.StartAsync();
        await _movento.SignInAsync();
        Assert.Equal("published", (await _movento.FinishedAsync(film)).GetProperty("state").GetString());
    }

    public Task InitializeAsync() => _movento.InitializeAsync();

    public Task DisposeAsync() => _movento.DisposeAsync();

    private async Task<bool> ReachedAsync(string assetId, string stage)
    {
        var asset = await _movento.AssetAsync(assetId);
        return asset.GetProperty("state").GetString() is "published" or "rejected" ||
            asset.GetProperty("stages").EnumerateArray().Any(
                item => item.GetProperty("name").GetString() == stage && item.GetProperty("state").GetString() != "waiting");
    }

    private async Task RestartAsync()
    {
        await _movento.KillAsync();
        await _movento.StartAsync();
        await _movento.SignInAsync();
    }
}
