using System.Net;
using System.Text.Json;
using Movento.Contracts;
using Movento.Harness;
using Movento.Secrets;
using Movento.Servers;

namespace Movento.Journey.Tests;

/// <summary>What players say reaches the figures of the control plane, also the last of it, when the edge stops.</summary>
public sealed class PlaybackFiguresTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    : IClassFixture<PostgresFixture>, IClassFixture<RabbitMqFixture>, IAsyncLifetime
{
    private readonly AssetId _film = AssetId.New(DateTimeOffset.UnixEpoch);
    private readonly List<RunningMovento> _processes = [];

    [Fact]
    public Task Stop_OfOneProcess_KeepsThePlaybacksThatWereUnderWay() => KeepsPlaybacksAsync(Running("edge,ingest,worker,control"));

    [Fact]
    public Task Stop_OfOneProcessWithRabbitMq_KeepsThePlaybacksThatWereUnderWay() =>
        KeepsPlaybacksAsync(Running("edge,ingest,worker,control").With("Messaging:RabbitMq=" + rabbitMq.Address));

    [Fact]
    public async Task Stop_OfAnEdge_SendsThePlaybacksThatWereUnderWay()
    {
        var control = Running("control").With("Messaging:RabbitMq=" + rabbitMq.Address)
            .With("Database:ConnectionString=" + await postgres.CreateDatabaseAsync());
        await control.InitializeAsync();
        var edge = Running("edge").With("Messaging:RabbitMq=" + rabbitMq.Address)
            .With("SecretsFile=" + Path.Combine(control.DataFolder, "secrets.json"));
        await edge.StartAsync();
        await PlayAsync(edge, control);
        Assert.Equal(0, await edge.StopAsync());
        await FilmHasPlaybacksAsync(control, 1);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
    }

    private RunningMovento Running(string roles)
    {
        var process = new RunningMovento { Roles = roles };
        _processes.Add(process);
        return process;
    }

    private async Task KeepsPlaybacksAsync(RunningMovento whole)
    {
        await whole.InitializeAsync();
        await PlayAsync(whole, whole);
        Assert.Equal(0, await whole.StopAsync());

        await whole.InitializeAsync();
        await FilmHasPlaybacksAsync(whole, 1);
    }

    /// <summary>A playback that has begun, and does not end.</summary>
    private async Task PlayAsync(RunningMovento edge, RunningMovento control)
    {
        var keys = SecretsFile.Read(Path.Combine(control.DataFolder, "secrets.json")).KeyRing();
        var token = new PlaybackTokenSigner(keys).Sign(
            new PlaybackClaims(_film, PlaybackScope.Presentation, TimeProvider.System.GetUtcNow().AddHours(1), Guid.NewGuid()));
        using var content = new StringContent("e=ps,sid=\"a\",sta=s,ts=1000,v=2\ne=ps,sid=\"a\",sta=p,ts=1400,v=2");
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(edge.Edge, $"/{token}/assets/{_film}/v1/cmcd"), content);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private async Task FilmHasPlaybacksAsync(RunningMovento control, int playbacks)
    {
        JsonElement[] days = [];
        await Eventually.TrueAsync(
            async () => (days = [.. (await control.Http.GetFromJsonAsync($"/api/quality/films?assetId={_film}")).GetProperty("items").EnumerateArray()]).Length > 0,
            "the film has figures");
        var day = Assert.Single(days);
        Assert.Equal(playbacks, day.GetProperty("playbacks").GetInt32());
        Assert.Equal(0.4, day.GetProperty("startup").GetProperty("mean").GetDouble(), precision: 9);
    }
}
