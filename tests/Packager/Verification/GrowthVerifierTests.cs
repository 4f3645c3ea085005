using System.Buffers;
using System.Globalization;
using System.Text;
using Movento.Packager.Dash;
using Movento.Packager.Hls;
using Movento.Packager.Presentations;
using Movento.Packager.Verification;

namespace Movento.Packager.Tests.Verification;

/// <summary>Manifests of a film that grows, read again and again: ours as they are, and with something that no player could follow.</summary>
[Collection(nameof(Films))]
public sealed class GrowthVerifierTests(Films films)
{
    private const string Playlist = "segments/v.m3u8";
    private const string Description = "segments/manifest.mpd";

    [Fact]
    public async Task Ours_ThatGrowsToItsEnd_IsAccepted()
    {
        using var film = await FilmAsync();
        var moments = Moments(film);
        var report = await WatchAsync(moments);
        Assert.True(report.HasGrown);
        Assert.Equal(moments.Count, report.Readings);
        // An event that has ended, and nothing else.
        Assert.Empty(report.Findings);
    }

    [Theory]
    [InlineData("#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-PLAYLIST-TYPE:VOD")]
    [InlineData("#EXT-X-START:TIME-OFFSET=0,PRECISE=YES\n", "")]
    public async Task Event_ThatIsAnotherThingAtItsEnd_IsAWarning(string old, string @new)
    {
        using var film = await FilmAsync();
        var moments = Moments(film);
        moments[^1][Playlist] = moments[^1][Playlist].Replace(old, @new, StringComparison.Ordinal);
        var finding = Assert.Single((await WatchAsync(moments)).Findings);
        Assert.Equal(("hls-growth-header", Severity.Warning, Playlist), (finding.Rule.Id, finding.Severity, finding.Location.File));
    }

    [Fact]
    public async Task Description_WithAnotherCodecAndSubtitlesAtItsEnd_KeepsTheSetsThatItHad()
    {
        using var film = await FilmAsync();
        var moments = Moments(film);
        var whole = film.Presentation;
        var (pictures, sound) = (whole.Renditions[0], whole.Renditions[1]);
        var more = whole with { Renditions = [pictures, pictures with { Id = "v-hevc", Codecs = "hvc1.1.6.L93.B0" }, sound, sound with { Id = "a-ac3", Codecs = "ac-3" }] };
        moments[^1][Description] = Text(output => MediaPresentationDescription.Write(output, more, SegmentAddressing.Segments));
        Assert.Contains("v-hevc", moments[^1][Description], StringComparison.Ordinal);
        Assert.Empty((await WatchAsync(moments)).Findings);
    }

    [Fact]
    public async Task Ours_ThatIsWhole_HasNotGrown()
    {
        using var film = await FilmAsync();
        var report = await WatchAsync([Moments(film)[^1]]);
        Assert.Equal((false, 1), (report.HasGrown, report.Readings));
        Assert.Empty(report.Findings);
    }

    public static TheoryData<string, string, string, string> Breaches => new()
    {
        // rule, file, what stands there, what stands there at the third reading
        { "hls-growth-header", Playlist, "#EXT-X-TARGETDURATION:", "#EXT-X-TARGETDURATION:1" },
        { "hls-growth-header", Playlist, "#EXT-X-VERSION:6", "#EXT-X-VERSION:7" },
        { "hls-growth-header", Playlist, "#EXT-X-PLAYLIST-TYPE:EVENT\n", "" },
        { "hls-growth-segments", Playlist, "v/1.m4s", "v/10.m4s" },
        { "hls-growth-segments", Playlist, "#EXTINF:4", "#EXTINF:3" },
        { "hls-growth-segments", Playlist, "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-MEDIA-SEQUENCE:1" },
        { "dash-growth-clock", Description, "availabilityStartTime=\"19", "availabilityStartTime=\"20" },
        { "dash-growth-clock", Description, " publishTime=\"1970", " publishTime=\"1969" },
        { "dash-growth-clock", Description, " publishTime=", " proposedTime=" },
        { "dash-growth-segments", Description, "<S t=\"0\"", "<S t=\"1\"" },
        { "dash-growth-segments", Description, "id=\"v\"", "id=\"w\"" },
        { "dash-growth-segments", Description, "startNumber=\"1\"", "startNumber=\"2\"" },
        { "dash-growth-segments", Description, "<AdaptationSet id=\"0\"", "<AdaptationSet id=\"7\"" },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public async Task Reading_ThatBreaksWhatWasSaid_IsFound(string rule, string file, string old, string @new)
    {
        using var film = await FilmAsync();
        var moments = Moments(film);
        Assert.Contains(old, moments[2][file], StringComparison.Ordinal);
        moments[2][file] = moments[2][file].Replace(old, @new, StringComparison.Ordinal);
        var report = await WatchAsync(moments);
        var finding = report.Findings.FirstOrDefault(finding => finding.Severity == Severity.Error);
        Assert.True(finding is not null, "Nothing was found.");
        Assert.Equal((rule, file), (finding.Rule.Id, finding.Location.File));
    }

    [Fact]
    public async Task Segments_FewerThanBefore_AreFoundInBoth()
    {
        using var film = await FilmAsync();
        var moments = Moments(film);
        (moments[1], moments[2]) = (moments[2], moments[1]);
        var rules = (await WatchAsync(moments)).Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Rule.Id).Distinct().Order();
        Assert.Equal(["dash-growth-clock", "dash-growth-segments", "hls-growth-segments"], rules);
    }

    [Fact]
    public async Task Description_DynamicAgain_IsFound()
    {
        using var film = await FilmAsync();
        var moments = Moments(film);
        var dynamic = moments[0][Description];
        // The playlists go on, so the watching does.
        moments[1][Description] = moments[^1][Description];
        moments[2][Description] = dynamic;
        Assert.Contains((await WatchAsync(moments)).Findings, finding => finding.Rule.Id == "dash-growth-end");
    }

    [Fact]
    public async Task Growth_WithoutAnEnd_IsFound()
    {
        using var film = await FilmAsync();
        var source = new MovingSource([Moments(film)[0]]);
        var report = await GrowthVerifier.WatchAsync(source, new GrowthOptions { Manifests = MovingSource.Manifests, Interval = TimeSpan.Zero, Limit = TimeSpan.FromMilliseconds(1) });
        Assert.Equal(["dash-growth-end", "hls-growth-end", "hls-growth-end"], report.Findings.Select(finding => finding.Rule.Id).Order());
    }

    private Task<PackagedFilm> FilmAsync() => PackagedFilm.OfAsync(films.Fragmented, TrackKind.Video, TrackKind.Audio);

    private static Task<GrowthReport> WatchAsync(IReadOnlyList<Dictionary<string, string>> moments)
    {
        var source = new MovingSource(moments);
        return GrowthVerifier.WatchAsync(source, new GrowthOptions { Manifests = MovingSource.Manifests, Interval = TimeSpan.Zero });
    }

    // With one, two and three of its segments, and whole.
    private static List<Dictionary<string, string>> Moments(PackagedFilm film)
    {
        Assert.All(film.Presentation.Renditions, rendition => Assert.Equal(3, rendition.Segments.Length));
        List<Dictionary<string, string>> moments = [];
        foreach (var count in (int[])[1, 2, 3])
        {
            var growing = new GrowingPresentation
            {
                Renditions = [.. film.Presentation.Renditions.Select(rendition => new GrowingRendition(rendition with { Segments = rendition.Segments[..count] }, count, 0, 1))],
                TargetDuration = film.Presentation.TargetDuration, StartedAt = DateTimeOffset.UnixEpoch, GrownAt = DateTimeOffset.UnixEpoch.AddSeconds(count),
            };
            moments.Add(Texts(
                film, output => MultivariantPlaylist.Write(output, growing), (output, rendition) => MediaPlaylist.Write(output, growing, growing.Renditions[rendition].Rendition),
                output => MediaPresentationDescription.Write(output, growing)));
        }

        moments.Add(Texts(
            film, output => MultivariantPlaylist.Write(output, film.Presentation, SegmentAddressing.Segments),
            (output, rendition) => MediaPlaylist.Write(output, film.Presentation, film.Presentation.Renditions[rendition], SegmentAddressing.Segments),
            output => MediaPresentationDescription.Write(output, film.Presentation, SegmentAddressing.Segments)));
        return moments;
    }

    private static Dictionary<string, string> Texts(
        PackagedFilm film, Action<IBufferWriter<byte>> multivariant, Action<IBufferWriter<byte>, int> playlist, Action<IBufferWriter<byte>> description)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["segments/master.m3u8"] = Text(multivariant), [Description] = Text(description) };
        for (var index = 0; index < film.Presentation.Renditions.Length; index++)
        {
            var rendition = index;
            texts[string.Create(CultureInfo.InvariantCulture, $"segments/{film.Presentation.Renditions[index].Id}.m3u8")] = Text(output => playlist(output, rendition));
        }

        return texts;
    }

    private static string Text(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>A server on which another moment begins whenever its first manifest is asked for; the last one stays.</summary>
    private sealed class MovingSource(IReadOnlyList<Dictionary<string, string>> moments) : IPresentationSource
    {
        private int _moment = -1;

        public static IReadOnlyList<string> Manifests => ["segments/master.m3u8", Description];

        public Uri Root => new("http://server.invalid/film/");

        public int Parallelism => 1;

        public ValueTask<IReadOnlyList<string>> FindManifestsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Manifests);

        public ValueTask<(int Read, long Length)> ReadAsync(string address, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (address == Manifests[0] && offset == 0) _moment = Math.Min(_moment + 1, moments.Count - 1);
            if (!moments[_moment].TryGetValue(address, out var text)) throw new PresentationSourceException(true, $"There is no '{address}'.");
            var bytes = Encoding.UTF8.GetBytes(text);
            var part = bytes.AsMemory((int)Math.Min(offset, bytes.Length));
            part = part[..Math.Min(part.Length, buffer.Length)];
            part.CopyTo(buffer);
            return ValueTask.FromResult((part.Length, (long)bytes.Length));
        }
    }
}
