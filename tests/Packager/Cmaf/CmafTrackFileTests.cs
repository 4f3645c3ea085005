using System.Buffers.Binary;
using System.Text;
using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Cmaf;

/// <summary>How a packaged file is laid out, and that the model says what its bytes say.</summary>
[Collection(nameof(Films))]
public sealed class CmafTrackFileTests(Films films)
{
    [Fact]
    public async Task File_Packaged_IsWhatTheModelSays()
    {
        using var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Video, TrackKind.Audio);
        foreach (var rendition in film.Presentation.Renditions)
        {
            await using var stream = File.OpenRead(film.FileOf(rendition));
            var file = await CmafTrackFile.ReadAsync(stream, CancellationToken.None);
            Assert.Equal(rendition.Timescale, file.Timescale);
            Assert.Equal(rendition.Initialization, file.Initialization);
            Assert.Equal(rendition.SegmentIndex, file.SegmentIndex);
            Assert.Equal(rendition.Segments.AsEnumerable(), file.Segments);
            Assert.Equal(rendition.SampleCount, file.SampleCount);
            Assert.Equal(stream.Length, rendition.FileSize);
        }
    }

    [Fact]
    public async Task File_Packaged_HasTheBoxesOfACmafTrackFile()
    {
        using var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Video);
        var bytes = await File.ReadAllBytesAsync(film.FileOf(film.Video));
        var types = new List<string>();
        for (var at = 0; at < bytes.Length; at += BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)))
            types.Add(Encoding.ASCII.GetString(bytes, at + 4, 4));

        // Five groups of pictures of 2 s.
        Assert.Equal(["ftyp", "moov", "sidx", .. Enumerable.Repeat<string[]>(["moof", "mdat"], 5).SelectMany(pair => pair)], types);
        Assert.Equal("cmfc", (await Tool.OutputAsync(
            "ffprobe", "-v", "error", "-show_entries", "format_tags=major_brand", "-of", "csv=p=0", film.FileOf(film.Video))).Trim());
    }

    [Fact]
    public async Task Segments_OfPictures_BeginAtTheFirstAccessPointAtOrAfterTheTarget()
    {
        using var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Video);
        Assert.Equal([0, 4, 8], film.Video.Segments.Select(segment => segment.Start / (double)film.Video.Timescale));
        Assert.Equal(TimeSpan.FromSeconds(10), film.Video.Duration);
    }

    [Fact]
    public async Task Segments_OfSound_BeginAtTheAccessUnitNearestToTheTarget()
    {
        using var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Audio);
        Assert.Equal(3, film.Audio.Segments.Length);
        foreach (var (segment, target) in film.Audio.Segments.Zip([0L, 4 * 48000, 8 * 48000]))
            Assert.InRange(segment.Start, target - 512, target + 512);
        Assert.Equal(TimeSpan.FromSeconds(10), film.Audio.Duration);
    }

    [Fact]
    public async Task Sound_BeginningLater_KeepsItsOffset()
    {
        using var film = await PackagedFilm.OfAsync(films.LateAudio, TrackKind.Video, TrackKind.Audio);
        Assert.Equal(0, film.Video.Segments[0].Start);
        Assert.InRange(film.Audio.Segments[0].Start, 24000 - 1024 - 48, 24000 - 1024 + 48); // the movie's ticks are milliseconds
    }

    [Fact]
    public async Task OpenGroups_WithLeadingPictures_AreNoSegmentStarts()
    {
        using var film = await PackagedFilm.OfAsync(films.OpenGop, TrackKind.Video);
        Assert.Single(film.Video.Segments);
        Assert.Equal(250, film.Video.SampleCount);
    }

    [Fact]
    public async Task SamePictures_InAnotherTimescale_AreCutEqually()
    {
        using var folder = new TemporaryFolder();
        var other = folder.Combine("other.mp4");
        await Tool.OutputAsync("ffmpeg", "-v", "error", "-i", films.BFrames, "-map", "0:v", "-c", "copy", "-video_track_timescale", "90000", other);
        var settings = new CmafSettings { Id = "v", Kind = TrackKind.Video, SegmentDuration = TimeSpan.FromSeconds(3) };
        var one = await PackagedFilm.PackageAsync(films.BFrames, folder.Combine("one"), settings);
        var two = await PackagedFilm.PackageAsync(other, folder.Combine("two"), settings);
        Assert.Equal(90000u, two.Timescale);
        Assert.Equal([0, 4, 6], one.Segments.Select(segment => segment.Start / (double)one.Timescale));
        Assert.Equal([0, 4, 6], two.Segments.Select(segment => segment.Start / 90000.0));
    }

    [Fact]
    public async Task File_ReadByShakaPackager_HasItsStreams()
    {
        var shaka = Repository.Combine("tests", "npm", "node_modules", "shaka-packager", "bin", "packager-linux-x64");
        using var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Video, TrackKind.Audio);
        var video = await Tool.OutputAsync(shaka, $"input={film.FileOf(film.Video)}", "--dump_stream_info", "--quiet");
        Assert.Contains("codec_string: avc1.", video, StringComparison.Ordinal);
        Assert.Contains("width: 320", video, StringComparison.Ordinal);
        var audio = await Tool.OutputAsync(shaka, $"input={film.FileOf(film.Audio)}", "--dump_stream_info", "--quiet");
        Assert.Contains("codec_string: mp4a.40.2", audio, StringComparison.Ordinal);
        Assert.Contains("sampling_frequency: 48000", audio, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_WithABrokenIndex_SaysSo()
    {
        using var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Video);
        var bytes = await File.ReadAllBytesAsync(film.FileOf(film.Video));
        var firstReference = (int)film.Video.SegmentIndex.Offset + 40;
        Assert.Equal(film.Video.Segments[0].Size, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(firstReference)));
        bytes[firstReference + 3]++;
        var error = await Assert.ThrowsAsync<MediaFormatException>(() => CmafTrackFile.ReadAsync(new MemoryStream(bytes), CancellationToken.None));
        Assert.Equal(MediaFormatError.Invalid, error.Error);
    }
}
