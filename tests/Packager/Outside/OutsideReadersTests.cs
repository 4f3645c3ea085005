using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Movento.Harness;
using Movento.Packager.Presentations;
using static Movento.Packager.Tests.Outside.PackagedFolder;

namespace Movento.Packager.Tests.Outside;

/// <summary>What people who never saw our code read of our files: tracks, durations, segments and frames as presentation.json has them.</summary>
[Collection(nameof(Films))]
public sealed partial class OutsideReadersTests(PackagedFolder film) : IClassFixture<PackagedFolder>
{
    // Playlists have microseconds, rounded at each segment's border.
    private const double Tolerance = 0.00001;

    [Fact]
    public async Task M3u8Parser_OfThePlaylists_AgreesOnSegmentsDurationsAndBytes()
    {
        var read = await ReadAsync("m3u8-parser.mjs", film.FullName);
        var playlists = read.GetProperty("playlists").EnumerateArray().ToDictionary(playlist => playlist.GetProperty("id").GetString()!);
        Assert.Equal(film.Presentation.Renditions.Select(rendition => rendition.Id).Order(), playlists.Keys.Order());
        foreach (var rendition in film.Presentation.Renditions)
        {
            var playlist = playlists[rendition.Id];
            Assert.Equal(rendition.Segments.Length, playlist.GetProperty("segments").GetInt32());
            Assert.Equal(SecondsOf(rendition), playlist.GetProperty("seconds").GetDouble(), Tolerance);
            Assert.Equal(rendition.Kind == TrackKind.Text ? rendition.TextSegmentSizes.Sum() : rendition.Segments.Sum(segment => segment.Size), playlist.GetProperty("bytes").GetInt64());
            Assert.True(playlist.GetProperty("endList").GetBoolean());
            Assert.True(Math.Round(playlist.GetProperty("longest").GetDouble()) <= playlist.GetProperty("targetDuration").GetInt32());
        }

        var variant = Assert.Single(read.GetProperty("variants").EnumerateArray());
        Assert.Equal(film.Video.Video!.Width, variant.GetProperty("width").GetInt32());
        Assert.Equal(film.Video.Video.Height, variant.GetProperty("height").GetInt32());
        Assert.Equal($"{film.Video.Codecs},{film.Audio.Codecs}", variant.GetProperty("codecs").GetString());
        Assert.Equal(film.Video.PeakBitrate + film.Audio.PeakBitrate, variant.GetProperty("bandwidth").GetInt64());
    }

    [Theory]
    [InlineData("indexed")]
    [InlineData("templated")]
    public async Task MpdParser_OfTheManifest_AgreesOnTracksSegmentsAndDurations(string manifest)
    {
        var read = (await ReadAsync("mpd-parser.mjs", film.FullName)).GetProperty(manifest);
        Assert.Equal(film.Presentation.Duration.TotalSeconds, read.GetProperty("seconds").GetDouble(), 0.001);
        var tracks = read.GetProperty("tracks").EnumerateArray().ToDictionary(track => track.GetProperty("id").GetString()!);
        Assert.Equal(film.Presentation.Renditions.Select(rendition => rendition.Id).Order(), tracks.Keys.Order());
        // Its players do not take indexed subtitles, and it leaves out their segments.
        foreach (var rendition in manifest == "indexed" ? film.Media : film.Presentation.Renditions)
        {
            var track = tracks[rendition.Id];
            Assert.Equal(rendition.Codecs, track.GetProperty("codecs").GetString());
            Assert.Equal(rendition.Segments.Length, track.GetProperty("segments").GetInt32());
            Assert.Equal(SecondsOf(rendition), track.GetProperty("seconds").GetDouble(), Tolerance);
            if (manifest == "indexed")
                Assert.Equal(rendition.Segments.Sum(segment => segment.Size), track.GetProperty("bytes").GetInt64());
        }
    }

    [Fact]
    public async Task Mp4Box_OfTheFiles_AgreesOnCodecSamplesAndFragments()
    {
        var renditions = film.Presentation.Renditions;
        var files = (await ReadAsync("mp4box.mjs", [.. renditions.Select(film.FileOf)])).EnumerateArray().ToArray();
        foreach (var (rendition, file) in renditions.Zip(files))
        {
            Assert.True(file.GetProperty("isFragmented").GetBoolean());
            Assert.Contains("cmfc", file.GetProperty("brands").EnumerateArray().Select(brand => brand.GetString()));
            Assert.Equal(1, file.GetProperty("tracks").GetInt32());
            Assert.Equal(rendition.Codecs, file.GetProperty("codec").GetString());
            Assert.Equal(rendition.Timescale, file.GetProperty("timescale").GetUInt32());
            Assert.Equal(rendition.SampleCount, file.GetProperty("samples").GetInt64());
            if (rendition.Kind == TrackKind.Video)
            {
                Assert.Equal(rendition.AccessPoints.Length, file.GetProperty("syncSamples").GetInt32());
                Assert.Equal(rendition.AccessPoints.Length, file.GetProperty("fragments").GetInt32());
            }
        }
    }

    [Fact]
    public async Task IsoBoxer_OfTheFiles_AgreesOnTheIndexAndTheFragments()
    {
        var renditions = film.Presentation.Renditions;
        var files = (await ReadAsync("isoboxer.mjs", [.. renditions.Select(film.FileOf)])).EnumerateArray().ToArray();
        foreach (var (rendition, file) in renditions.Zip(files))
        {
            Assert.False(file.GetProperty("incomplete").GetBoolean());
            Assert.Equal(rendition.Timescale, file.GetProperty("timescale").GetUInt32());
            Assert.Equal(rendition.Segments.Length, file.GetProperty("segments").GetInt32());
            Assert.Equal(rendition.Segments.Sum(segment => segment.Size), file.GetProperty("indexedBytes").GetInt64());
            Assert.Equal(rendition.End - rendition.Segments[0].Start, file.GetProperty("indexedTicks").GetInt64());
            Assert.Equal(rendition.SampleCount, file.GetProperty("samples").GetInt64());
            var times = file.GetProperty("decodeTimes").EnumerateArray().Select(time => time.GetInt64()).ToArray();
            Assert.Equal(times.Order(), times);
        }
    }

    [Fact]
    public async Task MediaInfo_OfTheFiles_AgreesOnFramesAndFormat()
    {
        var video = await MediaInfoAsync(film.Video, "Video");
        Assert.Equal("AVC", video.GetProperty("Format").GetString());
        Assert.Equal(film.Video.SampleCount, Number(video.GetProperty("FrameCount").GetString()));
        Assert.Equal(film.Video.Video!.Width, Number(video.GetProperty("Width").GetString()));
        Assert.Equal(film.Video.Video.Height, Number(video.GetProperty("Height").GetString()));
        Assert.Equal(SecondsOf(film.Video), Number(video.GetProperty("Duration").GetString()), 0.0011);

        var audio = await MediaInfoAsync(film.Audio, "Audio");
        Assert.Equal("AAC", audio.GetProperty("Format").GetString());
        Assert.Equal(film.Audio.Audio!.Channels, Number(audio.GetProperty("Channels").GetString()));
        Assert.Equal(film.Audio.Audio.SampleRate, Number(audio.GetProperty("SamplingRate").GetString()));
    }

    [Theory]
    [InlineData("master.m3u8")]
    [InlineData("manifest.mpd")]
    [InlineData("segments/master.m3u8")]
    [InlineData("segments/manifest.mpd")]
    public async Task Ffprobe_OfEveryManifest_AgreesOnPackets(string manifest)
    {
        foreach (var (rendition, stream) in new[] { (film.Video, "v:0"), (film.Audio, "a:0") })
        {
            var packets = await Tool.OutputAsync("ffprobe", "-v", "error", "-select_streams", stream, "-count_packets", "-show_entries", "stream=nb_read_packets",
                "-of", "default=nw=1:nk=1", film.Combine(manifest));
            Assert.Equal(rendition.SampleCount, Number(packets.Split('\n')[0]));
        }
    }

    [Fact]
    public async Task GStreamer_OfTheFiles_AgreesOnSamplesAndTheirEnd()
    {
        foreach (var rendition in film.Media)
        {
            var said = await Tool.OutputAsync(
                "gst-launch-1.0", "-v", "filesrc", $"location={film.FileOf(rendition)}", "!", "qtdemux", "!", "identity", "silent=false", "!", "fakesink");
            var buffers = GStreamerBuffer().Matches(said);
            Assert.Equal(rendition.SampleCount, buffers.Count);
            var start = buffers.Min(buffer => Seconds(buffer.Groups[1].Value));
            var end = buffers.Max(buffer => Seconds(buffer.Groups[1].Value) + Seconds(buffer.Groups[2].Value));
            Assert.Equal((double)rendition.Segments.Sum(segment => segment.Duration) / rendition.Timescale, end - start, 0.03); // what is hidden of the sound is there too: one access unit
        }

        static double Seconds(string time) => TimeSpan.ParseExact(time[..^2], @"h\:mm\:ss\.fffffff", CultureInfo.InvariantCulture).TotalSeconds;
    }

    [Fact]
    public async Task ShakaPackager_OfTheFiles_AgreesOnCodecAndDuration()
    {
        foreach (var rendition in film.Media)
        {
            var said = await Tool.OutputAsync(
                Repository.Combine("tests", "npm", "node_modules", "shaka-packager", "bin", "packager-linux-x64"), $"in={film.FileOf(rendition)}", "--dump_stream_info");
            Assert.Contains("Found 1 stream(s).", said, StringComparison.Ordinal);
            Assert.Contains($"codec_string: {rendition.Codecs}", said, StringComparison.Ordinal);
            Assert.Contains($"time_scale: {rendition.Timescale}", said, StringComparison.Ordinal);
            Assert.Contains($"duration: {rendition.End} ", said, StringComparison.Ordinal);
            Assert.Contains("is_encrypted: false", said, StringComparison.Ordinal);
        }
    }

    private async Task<JsonElement> MediaInfoAsync(Rendition rendition, string type)
    {
        using var document = JsonDocument.Parse(await Tool.OutputAsync("mediainfo", "--Output=JSON", film.FileOf(rendition)));
        return document.RootElement.GetProperty("media").GetProperty("track").EnumerateArray().Single(track => track.GetProperty("@type").GetString() == type).Clone();
    }

    [GeneratedRegex(@"chain .*pts: (\d+:\d\d:\d\d\.\d{9}), duration: (\d+:\d\d:\d\d\.\d{9})")]
    private static partial Regex GStreamerBuffer();
}
