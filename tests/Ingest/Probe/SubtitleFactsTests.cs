using Movento.Ingest.Probe;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Probe;

public sealed class SubtitleFactsTests
{
    [Fact]
    public void Subtitles_ThatArePictures_AreLeftOutWithANote()
    {
        var facts = Read([Subtitle(1, "subrip"), Subtitle(2, "hdmv_pgs_subtitle"), Subtitle(3, "dvd_subtitle"), Subtitle(4, "mov_text")]);
        Assert.Equal([1, 4], facts.Subtitles.Select(track => track.Stream));
        Assert.Equal(
            [
                "Stream 2 is left out: subtitles in hdmv_pgs_subtitle are not text that can be read.",
                "Stream 3 is left out: subtitles in dvd_subtitle are not text that can be read.",
            ],
            facts.Notes.AsEnumerable());
    }

    [Fact]
    public void Subtitles_MoreThanTheLimit_AreLeftOutWithANote()
    {
        var facts = Read([Subtitle(1, "subrip"), Subtitle(2, "subrip"), Subtitle(3, "subrip")], new IngestOptions { MaxSubtitleTracks = 2 });
        Assert.Equal(2, facts.Subtitles.Length);
        Assert.Equal(["Stream 3 is left out: there are more than 2 tracks of subtitles."], facts.Notes.AsEnumerable());
    }

    [Theory]
    [InlineData("default", TrackRole.Subtitle)]
    [InlineData("forced", TrackRole.ForcedSubtitle)]
    [InlineData("hearing_impaired", TrackRole.Caption)]
    [InlineData("captions", TrackRole.Caption)]
    [InlineData("comment", TrackRole.Commentary)]
    public void Disposition_OfATrack_BecomesItsRole(string disposition, TrackRole role) =>
        Assert.Equal(role, Assert.Single(Read([Subtitle(1, "ass") with { Disposition = new() { [disposition] = 1 } }]).Subtitles).Role);

    private static MediaFacts Read(FfprobeStream[] subtitles, IngestOptions? options = null)
    {
        var pictures = new FfprobeStream { Index = 0, CodecType = "video", CodecName = "h264", Width = 320, Height = 180, NbReadPackets = "1", Duration = "1" };
        return FactsReader.Read(new FfprobeReport([pictures, .. subtitles], new FfprobeFormat("matroska", "1", "0")), options ?? new IngestOptions());
    }

    private static FfprobeStream Subtitle(int index, string codec) =>
        new() { Index = index, CodecType = "subtitle", CodecName = codec, NbReadPackets = "1" };
}
