using Movento.Ingest.Probe;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Probe;

public sealed class SubtitleFactsTests
{
    [Fact]
    public void Subtitles_ThatArePictures_AreLeftOutWithANote()
    {
        var facts = Read([Subtitle(1, "subrip"), Subtitle(2, "hdmv_pgs_subtitle"), Subtitle(3, "dvd_subtitle") with { Tags = new() { ["language"] = "ger" } }, Subtitle(4, "mov_text"), Subtitle(5, "eia_608")]);
        Assert.Equal([1, 4], facts.Subtitles.Select(track => track.Stream));
        Assert.Equal(
            [
                "picture_subtitles: Stream 2 is left out: its subtitles are pictures (hdmv_pgs_subtitle), not text.",
                "picture_subtitles: Stream 3 (de) is left out: its subtitles are pictures (dvd_subtitle), not text.",
                "closed_captions: Stream 5 carries closed captions (CEA-608 or CEA-708), which are not taken out.",
            ],
            facts.Notes.Select(note => $"{note.Code}: {note.Message}"));
        Assert.All(facts.Notes, note => Assert.Contains(".srt", note.Hint, StringComparison.Ordinal));
    }

    [Fact]
    public void Subtitles_MoreThanTheLimit_AreLeftOutWithANote()
    {
        var facts = Read([Subtitle(1, "subrip"), Subtitle(2, "subrip"), Subtitle(3, "subrip")], new IngestOptions { MaxSubtitleTracks = 2 });
        Assert.Equal(2, facts.Subtitles.Length);
        Assert.Equal(["Stream 3 is left out: there are more than 2 tracks of subtitles."], facts.Notes.Select(note => note.Message));
    }

    [Theory]
    [InlineData("default", TrackRole.Subtitle)]
    [InlineData("forced", TrackRole.ForcedSubtitle)]
    [InlineData("hearing_impaired", TrackRole.Caption)]
    [InlineData("captions", TrackRole.Caption)]
    [InlineData("comment", TrackRole.Commentary)]
    public void Disposition_OfATrack_BecomesItsRole(string disposition, TrackRole role) =>
        Assert.Equal(role, Assert.Single(Read([Subtitle(1, "ass") with { Disposition = new() { [disposition] = 1 } }]).Subtitles).Role);

    [Fact]
    public void Tracks_ThatAreNotTaken_AreNamedWithACode()
    {
        var pictures = new FfprobeStream { Index = 0, CodecType = "video", CodecName = "h264", Width = 320, Height = 180, NbReadPackets = "1", Duration = "1", ClosedCaptions = 1 };
        var sound = new FfprobeStream { Index = 2, CodecType = "audio", CodecName = "aac", Channels = 2, SampleRate = "48000", NbReadPackets = "1" };
        var facts = FactsReader.Read(
            new FfprobeReport(
                [
                    pictures, pictures with { Index = 1, Width = 160 }, sound, sound with { Index = 3, CodecName = "atrac3" },
                    sound with { Index = 4, Channels = 12 }, sound with { Index = 5 },
                ],
                new FfprobeFormat("mov", "1", "0")),
            new IngestOptions { MaxAudioTracks = 2 });
        Assert.Equal(
            ["1 further_pictures", "0 closed_captions", "3 unsupported_sound", "5 too_many_sounds", "4 unknown_speakers"],
            facts.Notes.Select(note => $"{note.Message.Split(' ')[1]} {note.Code}"));
    }

    private static MediaFacts Read(FfprobeStream[] subtitles, IngestOptions? options = null)
    {
        var pictures = new FfprobeStream { Index = 0, CodecType = "video", CodecName = "h264", Width = 320, Height = 180, NbReadPackets = "1", Duration = "1" };
        return FactsReader.Read(new FfprobeReport([pictures, .. subtitles], new FfprobeFormat("matroska", "1", "0")), options ?? new IngestOptions());
    }

    private static FfprobeStream Subtitle(int index, string codec) =>
        new() { Index = index, CodecType = "subtitle", CodecName = codec, NbReadPackets = "1" };
}
