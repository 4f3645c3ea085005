using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Movento.Harness;
using Movento.Servers;

namespace Movento.Journey.Tests;

/// <summary>The way of a film through the real system, judged from outside, on the films of the main job.</summary>
[Collection(nameof(PublishedFilms))]
public sealed partial class MainJobTests(PublishedFilms films)
{
    public static TheoryData<string> Names => PublishedFilms.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hls_OnEveryRung_DecodesToExactlyTheFramesOfTheSource(string name)
    {
        var expected = await films.FramesOfAsync(name);
        var film = await films.GetAsync(name);

        foreach (var rung in await VariantsAsync(film.Hls))
            Assert.Equal(expected, await FrameCount.OfAsync(rung.AbsoluteUri));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Dash_OnEveryRung_DecodesToExactlyTheFramesOfTheSource(string name)
    {
        var expected = await films.FramesOfAsync(name);
        var film = await films.GetAsync(name);
        var rungs = (await MpdAsync(film)).Descendants(Mpd + "Representation").Count(representation => representation.Element(Mpd + "BaseURL") is not null && representation.Attribute("width") is not null);

        for (var rung = 0; rung < rungs; rung++)
            Assert.Equal(expected, await FrameCount.OfAsync(film.Dash.AbsoluteUri, "v:" + rung.ToString(CultureInfo.InvariantCulture)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Rungs_NeverExceedTheSource_AndShareTheirKeyframes(string name)
    {
        var (path, video) = films.SourceOf(name);
        var source = await HeightAsync(path, video);
        var film = await films.GetAsync(name);

        // A rung that is the source's own pictures may have more of them; none may lack one that another has to switch at.
        List<string> shared = [];
        foreach (var rung in await RungFilesAsync(film))
        {
            Assert.InRange(await HeightAsync(rung.AbsoluteUri, "v:0"), 2, source);
            var keyframes = await Tool.OutputAsync(
                "ffprobe", "-v", "error", "-select_streams", "v:0", "-skip_frame", "nokey", "-show_entries", "frame=pts_time", "-of", "csv=p=0",
                rung.AbsoluteUri);
            List<string> times = [.. keyframes.Split('\n').Select(line => line.TrimEnd(',')).Where(time => time.Length > 0)];
            if (shared.Count == 0) shared = times;
            Assert.Subset(times.ToHashSet(), shared.ToHashSet());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RenditionFiles_AreCmafWithOneSegmentIndex(string name)
    {
        var film = await films.GetAsync(name);
        foreach (var file in await AllFilesAsync(film))
        {
            var bytes = await films.Movento.Http.GetByteArrayAsync(file);

            Assert.Equal("ftyp", Type(bytes, 0));
            Assert.Contains("cmfc", Brands(bytes));
            Assert.Single(TopLevelBoxes(bytes), type => type == "sidx");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bandwidth_IsThePeakOfRealSegments_WithTheLoudestAudio(string name)
    {
        var film = await films.GetAsync(name);
        var master = await films.Movento.Http.GetStringAsync(film.Hls);
        // By its group: stereo and 5.1 are two.
        var loudest = new Dictionary<string, double>();
        foreach (Match media in Media().Matches(master))
        {
            var peak = await PeakAsync(new Uri(film.Hls, media.Groups["uri"].Value));
            loudest[media.Groups["group"].Value] = Math.Max(loudest.GetValueOrDefault(media.Groups["group"].Value), peak);
        }

        var variants = Variant().Matches(master);
        Assert.NotEmpty(variants);
        foreach (Match variant in variants)
        {
            var peak = await PeakAsync(new Uri(film.Hls, variant.Groups["uri"].Value));
            var bandwidth = long.Parse(variant.Groups["bandwidth"].Value, CultureInfo.InvariantCulture);
            var sound = loudest.GetValueOrDefault(AudioGroup().Match(variant.Value).Groups["group"].Value);
            // RFC 8216bis §4.4.6.2: an upper bound; ours is the measured one, so it is close too.
            Assert.InRange(bandwidth, (long)(peak + sound) - 2, (long)((peak + sound) * 1.02) + 2);
            Assert.Matches("AVERAGE-BANDWIDTH=[0-9]+", variant.Value);
            Assert.Matches("CODECS=\"avc1\\.[0-9a-fA-F]{6}(,mp4a\\.40\\.2)?\"", variant.Value);
            Assert.Matches("RESOLUTION=[0-9]+x[0-9]+", variant.Value);
            Assert.Matches("FRAME-RATE=[0-9]+\\.[0-9]{3}", variant.Value);
            Assert.Contains("VIDEO-RANGE=SDR", variant.Value, StringComparison.Ordinal);
        }

        Assert.Contains("#EXT-X-INDEPENDENT-SEGMENTS", master, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Catalogue_HasThePosterAsAPicture()
    {
        var film = await films.GetAsync("nasa_13013_multitrack");
        var movie = await films.Movento.Http.GetFromJsonAsync("/api/movies/" + film.AssetId);

        using var poster = await films.Movento.Http.GetAsync(movie.GetProperty("posterUrl").GetString());

        Assert.Equal(HttpStatusCode.OK, poster.StatusCode);
        Assert.Equal("image/jpeg", poster.Content.Headers.ContentType!.MediaType);
        Assert.Equal([0xFF, 0xD8, 0xFF], (await poster.Content.ReadAsByteArrayAsync())[..3]);
    }

    [Fact]
    public async Task MultitrackFilm_HasBothOfItsAudioTracks()
    {
        var film = await films.GetAsync("nasa_13013_multitrack");

        var master = await films.Movento.Http.GetStringAsync(film.Hls);

        Assert.Equal(2, Media().Count(master));
    }

    private static readonly XNamespace Mpd = "urn:mpeg:dash:schema:mpd:2011";

    private async Task<XDocument> MpdAsync(PlayableFilm film) => XDocument.Parse(await films.Movento.Http.GetStringAsync(film.Dash));

    private async Task<List<Uri>> VariantsAsync(Uri master) =>
        [.. Variant().Matches(await films.Movento.Http.GetStringAsync(master)).Select(match => new Uri(master, match.Groups["uri"].Value))];

    private async Task<List<Uri>> AllFilesAsync(PlayableFilm film) =>
        [.. (await MpdAsync(film)).Descendants(Mpd + "BaseURL").Select(url => new Uri(film.Dash, url.Value))];

    private async Task<List<Uri>> RungFilesAsync(PlayableFilm film) =>
    [
        .. (await MpdAsync(film)).Descendants(Mpd + "Representation").Where(representation => representation.Element(Mpd + "BaseURL") is not null && representation.Attribute("width") is not null)
            .Select(representation => new Uri(film.Dash, representation.Element(Mpd + "BaseURL")!.Value)),
    ];

    /// <summary>The peak segment bit rate as a stranger reads it from the playlist: bits over seconds, the most of any segment.</summary>
    private async Task<double> PeakAsync(Uri playlist)
    {
        var text = await films.Movento.Http.GetStringAsync(playlist);
        return SegmentLine().Matches(text).Max(match =>
            double.Parse(match.Groups["bytes"].Value, CultureInfo.InvariantCulture) * 8 /
            double.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture));
    }

    private static async Task<int> HeightAsync(string input, string stream) => int.Parse(
        (await Tool.OutputAsync("ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", "stream=height", "-of", "csv=p=0", input))
            .Split('\n', ',')[0].Trim(),
        CultureInfo.InvariantCulture);

    private static string Type(byte[] bytes, int offset) => System.Text.Encoding.ASCII.GetString(bytes, offset + 4, 4);

    private static IEnumerable<string> Brands(byte[] bytes)
    {
        var size = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes);
        for (var offset = 8; offset < size; offset += 4)
        {
            if (offset != 12) yield return System.Text.Encoding.ASCII.GetString(bytes, offset, 4);
        }
    }

    private static IEnumerable<string> TopLevelBoxes(byte[] bytes)
    {
        for (var offset = 0; offset < bytes.Length; offset += System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset)))
            yield return Type(bytes, offset);
    }

    [GeneratedRegex(@"#EXT-X-STREAM-INF:.*?(?<![A-Z-])BANDWIDTH=(?<bandwidth>[0-9]+).*\n(?<uri>[^#\n]+)")]
    private static partial Regex Variant();

    [GeneratedRegex(@",AUDIO=""(?<group>[^""]+)""")]
    private static partial Regex AudioGroup();

    [GeneratedRegex(@"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=""(?<group>[^""]+)"".*URI=""(?<uri>[^""]+)""")]
    private static partial Regex Media();

    [GeneratedRegex(@"#EXTINF:(?<seconds>[0-9.]+),.*\n#EXT-X-BYTERANGE:(?<bytes>[0-9]+)")]
    private static partial Regex SegmentLine();
}
