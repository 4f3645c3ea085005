using Movento.Harness;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Tests.Tracks;

/// <summary>What a source says that it has.</summary>
[Collection(nameof(Films))]
public sealed class SourceOutlineTests(Films films)
{
    [Fact]
    public async Task Outline_OfAFilm_ListsItsTracksAsMeasured()
    {
        var outline = await ReadAsync(films.BFrames);
        Assert.Equal([(1u, TrackKind.Video, "avc1"), (2u, TrackKind.Audio, "mp4a")], outline.Tracks.Select(track => (track.TrackId, track.Kind!.Value, track.SampleEntry.ToString())));
        Assert.All(outline.Tracks, track => Assert.Null(track.Refusal));
        Assert.Equal((320, 180, new FrameRate(25, 1)), (outline.Tracks[0].Video!.Width, outline.Tracks[0].Video!.Height, outline.Tracks[0].Video!.FrameRate));
        Assert.Equal(new AudioFormat(48000, 2), outline.Tracks[1].Audio);
        Assert.All(outline.Tracks, track => Assert.Equal(TimeSpan.FromSeconds(10), track.Duration));
    }

    [Fact]
    public async Task Outline_OfFragments_MeasuresTheirDuration()
    {
        var outline = await ReadAsync(films.Fragmented);
        Assert.All(outline.Tracks, track => Assert.Equal(TimeSpan.FromSeconds(10.08), track.Duration)); // no edit list: two pictures' reordering later
    }

    [Fact]
    public async Task Outline_OfManyTracks_HasTheirLanguagesAndSaysWhatIsNotPackaged()
    {
        using var folder = new TemporaryFolder();
        var captions = folder.Combine("captions.srt");
        await File.WriteAllTextAsync(captions, "1\n00:00:00,000 --> 00:00:02,000\nHello\n");
        var film = folder.Combine("many.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-i", films.BFrames, "-i", captions, "-map", "0:v", "-map", "0:a", "-map", "0:a", "-map", "1:s",
            "-c:v", "copy", "-c:a:0", "copy", "-c:a:1", "alac", "-c:s", "mov_text",
            "-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=haw", "-metadata:s:s:0", "language=fra", film);
        var outline = await ReadAsync(film);
        Assert.Equal([null, "de", "haw", "fr"], outline.Tracks.Select(track => track.Language));
        Assert.Equal(["avc1", "mp4a", "alac", "tx3g"], outline.Tracks.Select(track => track.SampleEntry.ToString()));
        Assert.Equal(TrackKind.Text, outline.Tracks[3].Kind);
        Assert.Null(outline.Tracks[1].Refusal);
        var refusal = outline.Tracks[2].Refusal!;
        Assert.Equal((MediaFormatError.Unsupported, "moov/trak[2]/mdia/minf/stbl/stsd/alac"), (refusal.Error, refusal.Path));
        Assert.InRange(outline.Tracks[2].Duration.TotalSeconds, 9.9, 10.1);
    }

    [Fact]
    public async Task Outline_OfNoMovie_IsRefused() => await Assert.ThrowsAsync<MediaFormatException>(() => ReadAsync(Repository.Media("hostile/text.mp4")));

    private static async Task<SourceOutline> ReadAsync(string path)
    {
        await using var source = File.OpenRead(path);
        return await SourceFile.ReadOutlineAsync(source, CancellationToken.None);
    }
}
