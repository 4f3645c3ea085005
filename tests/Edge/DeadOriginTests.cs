using System.Net;
using Movento.Contracts;
using Movento.Edge.Tests.Host;
using Movento.Harness;
using Movento.Storage;

namespace Movento.Edge.Tests;

/// <summary>What an edge does whose object store is dead.</summary>
public class DeadOriginTests
{
    private static readonly string Video = StorageKey.Rendition(Film.Asset, Film.Version, "v720");

    [Fact]
    public async Task WhatIsCached_KeepsPlaying()
    {
        await using var edge = await EdgeHost.StartAsync();
        string[] files = ["master.m3u8", "manifest.mpd", "v720.m3u8", "a0.m3u8", "segments/master.m3u8", "segments/v720.m3u8", "poster.jpg", "v720.mp4", "a0.mp4"];
        var before = new List<byte[]>();
        foreach (var file in files) before.Add(await BytesAsync(edge, file));

        edge.Store.Before = (_, _, _) => throw new ObjectStoreException("connection refused", isTransient: true);
        edge.Clock.Advance(TimeSpan.FromMinutes(30));
        for (var number = 0; number < files.Length; number++) Assert.Equal(before[number], await BytesAsync(edge, files[number]));

        // A player's session, segment by segment.
        var segments = edge.Film.Presentation.Renditions[0].Segments;
        for (var number = 1; number <= segments.Length; number++)
        {
            var segment = segments[number - 1];
            Assert.Equal(
                edge.Film.Video[(int)segment.Offset..(int)(segment.Offset + segment.Size)], await BytesAsync(edge, $"segments/v720/{number}.m4s"));
        }
    }

    [Fact]
    public async Task WhatIsNotCached_IsRefusedAtOnceWhileTheCircuitIsOpen_AndAskedForAgainAfterwards()
    {
        await using var edge = await EdgeHost.StartAsync();
        using (await edge.SendAsync(HttpMethod.Head, edge.Path("v720.mp4"))) { }

        edge.Store.Before = (_, _, _) => throw new ObjectStoreException("connection refused", isTransient: true);
        for (var read = 0; read < 5; read++)
        {
            using var failed = await edge.GetAsync("v720.mp4", "Range", "bytes=0-9");
            Assert.Equal(HttpStatusCode.BadGateway, failed.StatusCode);
        }

        // Ten failures in a row: the store is left alone, for media and for manifests.
        var reads = edge.Store.Reads.Count;
        foreach (var file in (string[])["v720.mp4", "poster.jpg"])
        {
            using var refused = await edge.GetAsync(file, "Range", "bytes=0-9");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("1", EdgeHost.Header(refused, "Retry-After"));
            Assert.Contains("\"code\":\"origin_circuit_open\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(reads, edge.Store.Reads.Count);

        // After the pause one read probes it; it is well again, and everybody is served.
        edge.Store.Before = null;
        edge.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(edge.Film.Video, await BytesAsync(edge, "v720.mp4"));
        Assert.Equal(edge.Film.Poster, await BytesAsync(edge, "poster.jpg"));
    }

    [Fact]
    public async Task Missing_AgainAndAgain_DoesNotOpenTheCircuit()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.MissingLifetime = TimeSpan.Zero);
        for (var version = 2; version < 30; version++)
        {
            using var missing = await edge.SendAsync(HttpMethod.Get, $"/{edge.Token()}/assets/{Film.Asset}/v{version}/master.m3u8");
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }

        Assert.Equal(edge.Film.Poster, await BytesAsync(edge, "poster.jpg"));
    }

    [Fact]
    public async Task GrowingManifest_OfADeadOrigin_IsServedStaleForAMinuteAndNoLonger()
    {
        await using var edge = await EdgeHost.StartAsync();
        var growing = new GrowingFilm(edge);
        await growing.GrowAsync(2);
        var before = await BytesAsync(edge, "segments/a0.m3u8");
        var segment = await BytesAsync(edge, "segments/a0/2.m4s");

        edge.Store.Before = (_, _, _) => throw new ObjectStoreException("connection refused", isTransient: true);
        edge.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(before, await BytesAsync(edge, "segments/a0.m3u8"));
        Assert.Equal(segment, await BytesAsync(edge, "segments/a0/2.m4s"));
        var reads = edge.Store.Reads.Count;
        for (var viewer = 0; viewer < 20; viewer++) Assert.Equal(before, await BytesAsync(edge, "segments/a0.m3u8"));
        Assert.InRange(edge.Store.Reads.Count, reads, reads + 40);
        Assert.True(edge.Figures["movento.edge.manifests.stale/failing"] >= 2);

        edge.Clock.Advance(TimeSpan.FromMinutes(2));
        using (var failed = await edge.GetAsync("segments/a0.m3u8"))
            Assert.True(failed.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable, $"{failed.StatusCode}");

        // Back again, it goes on where it is.
        edge.Store.Before = null;
        await growing.GrowAsync(5);
        edge.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.True((await BytesAsync(edge, "segments/a0.m3u8")).Length > before.Length);
    }

    [Fact]
    public async Task GrowingManifest_JustPastItsLifetime_IsServedAtOnceAndRenewedBehindIt()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.GrowingLifetime = TimeSpan.FromSeconds(10));
        var growing = new GrowingFilm(edge);
        await growing.GrowAsync(2);
        var before = await BytesAsync(edge, "segments/a0.m3u8");
        await growing.GrowAsync(5);

        // The store does not answer for now; who asks need not wait for it.
        var gate = new TaskCompletionSource();
        edge.Store.Before = (_, _, _) => gate.Task;
        edge.Clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(before, await BytesAsync(edge, "segments/a0.m3u8"));
        Assert.Equal(before, await BytesAsync(edge, "segments/a0.m3u8"));
        await Eventually.TrueAsync(
            () => edge.Store.Reads.Count(read => read.Key == StorageKey.Presentation(Film.Asset, Film.Version)) == 2, "the renewal has begun, once");
        gate.SetResult();
        await Eventually.TrueAsync(async () => (await BytesAsync(edge, "segments/a0.m3u8")).Length > before.Length, "the renewed one is served");
        Assert.Equal(2, edge.Store.ReadsOf(StorageKey.Growing(Film.Asset, Film.Version)));
        Assert.True(edge.Figures["movento.edge.manifests.stale/renewed"] >= 2);
    }

    private static async Task<byte[]> BytesAsync(EdgeHost edge, string file)
    {
        using var response = await edge.GetAsync(file);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{file}: {(int)response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync();
    }
}
