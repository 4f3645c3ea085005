using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Quality;

namespace Movento.ControlPlane.Tests.Quality;

public sealed class QualityRecordsTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private static readonly Guid Film = Guid.Parse("0192f0c1a2b37c4d8e5f60718293a4b5");

    private QualityRecords Records => App.Services.GetRequiredService<QualityRecords>();

    [Fact]
    public async Task Record_TheSameMessageAgain_CountsItOnce()
    {
        var message = Message(Playback());
        Assert.True(await Records.RecordAsync(message, CancellationToken.None));
        Assert.False(await Records.RecordAsync(message, CancellationToken.None));
        Assert.True(await Records.RecordAsync(message with { Id = Guid.NewGuid() }, CancellationToken.None));
        Assert.Equal(2, await QueryAsync<long>("SELECT playbacks FROM film_days"));
    }

    [Fact]
    public async Task Record_TheSameMessageFromManyAtOnce_CountsItOnce()
    {
        var message = Message(Playback(), Playback());
        var counted = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Records.RecordAsync(message, CancellationToken.None)));
        Assert.Single(counted, isCounted => isCounted);
        Assert.Equal(2, await QueryAsync<long>("SELECT playbacks FROM film_days"));
    }

    [Fact]
    public async Task Record_ManyMessagesOfTheSameFilmsAtOnce_AddsUpAllOfThem()
    {
        var films = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToArray();
        var random = new Random(20261126);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ =>
        {
            random.Shuffle(films);
            return Records.RecordAsync(Message([.. films.Select(film => Playback(film))]), CancellationToken.None);
        }));
        Assert.Equal(20, await QueryAsync<long>("SELECT count(*) FROM film_days WHERE playbacks = 40 AND bytes = 40000 AND (SELECT sum(s) FROM unnest(starts) AS s) = 40"));
    }

    [Fact]
    public async Task Record_WhatNoPlaybackHas_IsBounded()
    {
        var wild = Playback() with
        {
            PlayedSeconds = double.NaN,
            StalledSeconds = double.PositiveInfinity,
            Stalls = -5,
            StartSeconds = -1,
            MeanBitrate = 1e300,
            MeanThroughput = double.NegativeInfinity,
            DroppedFrames = long.MaxValue,
            Errors = int.MinValue,
            Bytes = long.MaxValue,
        };
        await Records.RecordAsync(Message([.. Enumerable.Repeat(wild, 100)]), CancellationToken.None);
        await Records.RecordAsync(Message([.. Enumerable.Repeat(wild with { PlayedSeconds = double.MaxValue }, 100)]), CancellationToken.None);
        var editor = await App.SignInAsync("e@example.com", Access.EditorRole);
        var day = (await App.GetAsync("/api/quality/films", editor.AccessToken)).Json.GetProperty("items")[0];
        Assert.Equal(200, day.GetProperty("playbacks").GetInt32());
        Assert.Equal(0, day.GetProperty("stalls").GetInt64());
        Assert.Equal(0, day.GetProperty("startup").GetProperty("mean").GetDouble());
        Assert.Equal(1e8, day.GetProperty("meanBitrate").GetDouble());
        Assert.InRange(day.GetProperty("rebufferRatio").GetDouble(), 0, 1);
    }

    [Fact]
    public async Task Record_ByWhenItBegan_CountsForThatDay()
    {
        await Records.RecordAsync(
            Message(
                Playback() with { BeganAt = new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero) },
                // The same moment, said otherwise.
                Playback() with { BeganAt = new DateTimeOffset(2026, 3, 1, 3, 59, 59, TimeSpan.FromHours(4)) },
                Playback() with { BeganAt = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) },
                // An edge whose clock is ahead: today. And what is older than anything that is kept.
                Playback() with { BeganAt = App.Clock.Now.AddDays(3) },
                Playback() with { BeganAt = App.Clock.Now.AddDays(-401) }),
            CancellationToken.None);
        Assert.Equal("2026-02-28 2, 2026-03-01 2", await QueryAsync<string>("SELECT string_agg(day || ' ' || playbacks, ', ' ORDER BY day) FROM film_days"));
    }

    [Fact]
    public async Task Sweep_RemovesWhatIsTooOld_AndNothingElse()
    {
        await Records.RecordAsync(Message(Playback()), CancellationToken.None);
        var sweep = App.Services.GetRequiredService<QualitySweep>();
        App.Clock.Advance(QualitySweep.MessageLifetime);
        Assert.Equal(0, await sweep.SweepAsync(CancellationToken.None));
        App.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await sweep.SweepAsync(CancellationToken.None));
        App.Clock.Advance(App.Options.QualityRetention - QualitySweep.MessageLifetime);
        Assert.Equal(0, await sweep.SweepAsync(CancellationToken.None));
        App.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await sweep.SweepAsync(CancellationToken.None));
        Assert.Equal(0, await QueryAsync<long>("SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM film_days)"));
    }

    private PlaybacksObserved Message(params PlaybackQuality[] playbacks) => new(Guid.NewGuid(), App.Clock.Now, playbacks, 0);

    private PlaybackQuality Playback(Guid? film = null) => FilmPlayback.Of(film ?? Film, App.Clock.Now);

    private async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = await App.Quality.OpenConnectionAsync();
        return await connection.QuerySingleAsync<T>(sql);
    }
}
