using Movento.Contracts;
using Movento.Edge.Observation.Playbacks;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests.Observation;

/// <summary>What is made of the words of one player. Times are milliseconds.</summary>
public class PlaybackTests
{
    private readonly Playback _playback = new(new PlaybackKey(Film.Asset, "s"), version: 3, DateTimeOffset.UnixEpoch, now: 0);

    [Fact]
    public void VersionOne_PlayingWithoutAStop_IsStartedPlayedAndNeverStalled()
    {
        Say(0, "ot=m,su,sf=h,st=v");
        Say(100, "ot=v,br=1000,d=4000,bl=0,su,mtp=5000");
        Say(600, "ot=v,br=3000,d=4000,bl=4000,mtp=7000,tb=6000");
        Say(1100, "ot=v,br=3000,d=4000,bl=7500");
        Say(5100, "ot=v,br=5000,d=4000,bl=7500");
        var quality = End();
        Assert.Equal((0.5, 0, 0.0), (quality.StartSeconds, quality.Stalls, quality.RebufferRatio));
        Assert.True(quality.IsEstimated);
        Assert.Equal(3000, quality.MeanBitrate);
        Assert.Equal((6000, 6000), (quality.TopBitrate, quality.MeanThroughput));
        Assert.Equal((5.1, 8.5, 5), (quality.Seconds, quality.PlayedSeconds, quality.Requests));
        Assert.Equal(("hls", false, "idle"), (quality.Format, quality.IsLive, quality.Ending));
        Assert.Equal((Film.Asset.Value, 3, "s", DateTimeOffset.UnixEpoch), (quality.AssetId, quality.Version, quality.SessionId, quality.BeganAt));
    }

    [Fact]
    public void VersionOne_ThatRanDry_IsStalledForTheTimeThatNothingCouldBeShown()
    {
        Say(0, "ot=v,d=2000,bl=0,su");
        Say(1000, "ot=v,d=2000,bl=2000");
        // 2 s in the buffer and 2 s more: after 7 s, it has stood still for 3 s. The sound says the same.
        Say(8000, "ot=v,d=2000,bl=0,bs,su");
        Say(8000, "ot=a,d=2000,bl=0,bs,su");
        var quality = End();
        Assert.Equal((1, 3.0, true), (quality.Stalls, quality.StalledSeconds, quality.IsEstimated));
        Assert.Equal(3 / (3 + 6.0), quality.RebufferRatio, 9);
    }

    [Fact]
    public void VersionTwo_SayingDurations_IsTakenAtItsWord()
    {
        Say(0, "ot=v,d=4000,bl=0,su,v=2");
        Say(2000, "ot=v,d=4000,bl=(4000),msd=750,v=2");
        Say(9000, "ot=v,d=4000,bl=(0),bs=(?1),v=2,bsd=(1200)");
        Say(9100, "ot=a,d=4000,bl=(0),bs=(?1),v=2,bsd=(1200)");
        Say(20000, "ot=v,d=4000,bl=(0),v=2,bsda=(2000),bsa=(2),dfa=9,ec=(\"x\")");
        var quality = End();
        Assert.Equal((0.75, 2, 2.0, false), (quality.StartSeconds, quality.Stalls, quality.StalledSeconds, quality.IsEstimated));
        Assert.Equal((9, 1), (quality.DroppedFrames, quality.Errors));
    }

    [Fact]
    public void States_ByThePlayersClock_GiveStartStallsAndEnd()
    {
        // Reports come late, and together.
        foreach (var (state, at) in new[] { ('s', 0), ('p', 900), ('r', 5000), ('p', 6500), ('a', 7000), ('p', 9000), ('r', 9500), ('p', 10000), ('e', 20000) })
            Say(60_000, $"e=ps,sta={state},ts={1_700_000_000_000 + at},sf=d,st=l,v=2");
        Assert.True(_playback.HasEnded);
        var quality = End();
        Assert.Equal((0.9, 2, 2.0, false), (quality.StartSeconds, quality.Stalls, quality.StalledSeconds, quality.IsEstimated));
        Assert.Equal(("dash", true, "ended"), (quality.Format, quality.IsLive, quality.Ending));
    }

    [Fact]
    public void Nonsense_OfAnyKind_GivesFiguresThatCanBe()
    {
        var random = new Random(5004);
        for (var round = 0; round < 5000; round++)
        {
            Say(random.Next(100_000), $"ot={(round % 2 == 0 ? "v" : "a")},d={random.NextInt64(1L << 45)},bl={random.NextInt64(1L << 45)},br={random.NextInt64(1L << 45)},"
                + $"bsd={random.NextInt64(1L << 45)},bsa={random.NextInt64(1L << 45)},bs,mtp={random.NextInt64(1L << 45)},ts={random.NextInt64(1L << 45)},sta={"prse"[round % 4]},msd={random.NextInt64(1L << 45)}");
        }

        var quality = End();
        Assert.InRange(quality.RebufferRatio, 0, 1);
        foreach (var figure in new[] { quality.PlayedSeconds, quality.StalledSeconds, quality.StartSeconds!.Value, quality.MeanBitrate!.Value, quality.MeanThroughput!.Value, quality.Stalls })
            Assert.True(figure >= 0 && double.IsFinite(figure), $"{quality}");
    }

    [Fact]
    public void Playlists_Alone_AreNoPlayback()
    {
        Say(0, "ot=m,su");
        Assert.Null(_playback.End("idle"));
    }

    [Fact]
    public void Playback_ThatWasReported_TakesNothingMore()
    {
        Say(0, "ot=v,d=4000");
        Assert.NotNull(_playback.End("idle"));
        var data = new ClientData();
        Assert.False(_playback.Observe(data, 0, 1));
        Assert.Null(_playback.End("idle"));
    }

    private void Say(long now, string text)
    {
        var data = new ClientData();
        Assert.True(ClientDataReader.TryRead(text, ref data), text);
        Assert.True(_playback.Observe(data, bodyBytes: 10, now));
    }

    private PlaybackQuality End() => _playback.End("idle")!;
}
