using Movento.Harness;
using Movento.Packager.Tests.Protection;
using Movento.Packager.Verification;

namespace Movento.Packager.Tests.Verification;

/// <summary>What Shaka Packager and ffmpeg write: accepted where it is good, named where it is not.</summary>
public sealed class OthersOutputTests(LadderFilm film) : IClassFixture<LadderFilm>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Protections => ["clear", "cenc", "cbcs"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Protections))]
    public async Task ShakaPackager_SingleFiles_IsAccepted(string protection)
    {
        await ShakaAsync(protection,
            $"in={film.Low},stream=video,output={In("low.mp4")},playlist_name=low.m3u8,iframe_playlist_name=low.iframes.m3u8",
            $"in={film.High},stream=video,output={In("high.mp4")},playlist_name=high.m3u8,iframe_playlist_name=high.iframes.m3u8",
            $"in={film.Low},stream=audio,output={In("sound.mp4")},playlist_name=sound.m3u8,hls_group_id=audio,hls_name=English");
        var report = await VerifyAsync();
        Assert.Empty(Errors(report));
        Assert.Equal(8, report.Tracks.Count);
        Assert.All(report.Tracks, track => Assert.Equal(3, track.Segments));
    }

    [Theory]
    [MemberData(nameof(Protections))]
    public async Task ShakaPackager_SegmentTemplates_IsAccepted(string protection)
    {
        await ShakaAsync(protection,
            $"in={film.Low},stream=video,init_segment={In("low/init.mp4")},segment_template={In("low/$Number$.m4s")},playlist_name=low.m3u8",
            $"in={film.High},stream=video,init_segment={In("high/init.mp4")},segment_template={In("high/$Number%05d$.m4s")},playlist_name=high.m3u8",
            $"in={film.Low},stream=audio,init_segment={In("sound/init.mp4")},segment_template={In("sound/$Time$.m4s")},playlist_name=sound.m3u8,hls_group_id=audio,hls_name=English");
        var report = await VerifyAsync();
        Assert.Empty(Errors(report));
        Assert.Equal(6, report.Tracks.Count);
    }

    [Fact]
    public async Task Ffmpeg_HlsOfOneRung_IsAccepted()
    {
        await FfmpegAsync("-i", film.Low, "-c", "copy", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4",
            "-hls_fmp4_init_filename", "init.mp4", "-master_pl_name", "master.m3u8", In("film.m3u8"));
        var report = await VerifyAsync();
        Assert.Empty(Errors(report));
        Assert.Contains(report.Findings, finding => finding.Rule.Id == "cmaf-single-track");
    }

    [Fact]
    public async Task Ffmpeg_Dash_IsAccepted()
    {
        await FfmpegAsync("-i", film.Low, "-i", film.High, "-map", "0", "-map", "1:v", "-c", "copy", "-f", "dash", "-seg_duration", "4",
            "-adaptation_sets", "id=0,streams=v id=1,streams=a", In("manifest.mpd"));
        Assert.Empty(Errors(await VerifyAsync()));
    }

    [Fact]
    public async Task Ffmpeg_DashOfSingleFiles_ClaimsAProfileThatItDoesNotKeep()
    {
        await FfmpegAsync("-i", film.Low, "-c", "copy", "-f", "dash", "-seg_duration", "4", "-single_file", "1", In("manifest.mpd"));
        Assert.Equal(["dash-profile"], Errors(await VerifyAsync()).Select(finding => finding.Rule.Id).Distinct());
    }

    [Fact]
    public async Task Ffmpeg_IFramePlaylist_PointsAtTheMoov()
    {
        await FfmpegAsync("-i", film.Low, "-map", "0:v", "-c", "copy", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4",
            "-hls_flags", "iframes_only+single_file", In("film.m3u8"));
        var error = Assert.Single(Errors(await VerifyAsync()));
        Assert.Equal("hls-iframe-range", error.Rule.Id);
        Assert.Contains("ftyp", error.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ffmpeg_LadderWithOneWish_SaysOneBandwidthForEveryRung()
    {
        // BANDWIDTH is taken from what the encoder was asked for, not from what it wrote.
        await FfmpegAsync("-i", film.High, "-filter_complex", "[0:v]split=2[a][b];[b]scale=160:90[c]", "-map", "[a]", "-map", "[c]", "-c:v", "libx264", "-preset",
            "ultrafast", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-b:v", "2M", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod",
            "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init_%v.mp4", "-master_pl_name", "master.m3u8", "-var_stream_map", "v:0 v:1", In("film_%v.m3u8"));
        Assert.Contains(Errors(await VerifyAsync()), finding => finding.Rule.Id == "hls-bandwidth-same");
    }

    [Fact]
    public async Task Ffmpeg_SegmentsOfAHalfSecondTooMuch_AreAboveTheTargetDuration()
    {
        // It rounds 2.5 s to 2, the even one of the two.
        await FfmpegAsync("-f", "lavfi", "-i", "testsrc2=rate=24:duration=7.5:size=160x90", "-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-keyint_min", "60",
            "-sc_threshold", "0", "-f", "hls", "-hls_time", "2.5", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4",
            In("film.m3u8"));
        Assert.Equal(["hls-target-duration"], Errors(await VerifyAsync()).Select(finding => finding.Rule.Id).Distinct());
    }

    private static IEnumerable<Finding> Errors(VerificationReport report) => report.Findings.Where(finding => finding.Severity == Severity.Error);

    private Task<VerificationReport> VerifyAsync() => PresentationVerifier.VerifyAsync(new FolderSource(_folder.FullName));

    private string In(string name) => _folder.Combine(name);

    private async Task ShakaAsync(string protection, params string[] streams)
    {
        string[] keys = protection == "clear" ? [] :
        [
            "--enable_raw_key_encryption", "--keys", "label=:key_id=0123456789abcdef0123456789abcdef:key=00112233445566778899aabbccddeeff",
            "--clear_lead", "0", "--protection_scheme", protection,
        ];
        await ShakaPackager.RunAsync(
            [.. streams, "--quiet", "--segment_duration", "4", "--hls_master_playlist_output", In("master.m3u8"), "--mpd_output", In("manifest.mpd"), .. keys]);
    }

    private static Task<string> FfmpegAsync(params string[] arguments) => Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);
}
