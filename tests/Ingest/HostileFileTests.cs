using Movento.Harness;
using Movento.Ingest.Tests.Running;

namespace Movento.Ingest.Tests;

/// <summary>Every hostile file of the repository ends published with every frame, or rejected by the name that fits.</summary>
public sealed class HostileFileTests(IngestFixture ingest) : IClassFixture<IngestFixture>
{
    [Theory]
    [InlineData("ffconcat_rel.mp4", "not_media")]
    [InlineData("hls_ssrf.mp4", "not_media")]
    [InlineData("no_moov.mp4", "truncated")]
    [InlineData("pixel_bomb_8192.mp4", "too_many_pixels")]
    [InlineData("sample_missing_stsd.mp4", "unsupported_codec")]
    [InlineData("sample_vvc.mp4", "unsupported_codec")]
    [InlineData("sio_broken.mp4", "truncated")]
    [InlineData("sio_empty.flv", "not_media")]
    [InlineData("text.mp4", "not_media")]
    [InlineData("truncated_200k.mp4", "truncated")]
    public async Task HostileFile_Uploaded_IsRejectedByName(string name, string code)
    {
        var outcome = await ingest.EndAsync(Repository.Media($"hostile/{name}"));
        Assert.True(outcome.Verdict == code, outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
    }

    [Theory]
    [InlineData("bear-vp9-odd-dimensions.webm", "v120 160x120")]
    [InlineData("ffmc_input_video_only_3sec.mp4", "v234 416x234, v360 640x360, v540 960x540, v720 1280x720")]
    [InlineData("many_tracks_1v32a8s.mkv", "v180 320x180")]
    [InlineData("odd_641x359_yuv444.mp4", "v234 416x234, v358 638x358")]
    [InlineData("one_frame.mp4", "v180 320x180")]
    [InlineData("sample_audio_only.mp4", "")]
    [InlineData("sample_empty_track.mp4", "v234 350x234, v360 540x360, v540 810x540, v720 1080x720")]
    [InlineData("sample_rotate_and_reflect.mp4", "v350 234x350, v540 360x540, v810 540x810, v1080 720x1080")]
    [InlineData("sample_with_chapters.mp4", "v234 350x234, v360 540x360, v540 810x540, v720 1080x720")]
    [InlineData("sample_with_vtt_subtitles.mkv", "v234 350x234, v360 540x360, v540 810x540, v720 1080x720")]
    [InlineData("sio_awesome'movie.mov", "v234 312x234, v360 480x360, v480 640x480")]
    [InlineData("sio_weird_aspect.small.mpg", "v234 406x234, v288 500x288")]
    [InlineData("trim_optimization_failure.mp4", "v234 248x234, v360 382x360, v488 518x488")]
    [InlineData("vfr.mp4", "v234 416x234, v360 640x360")]
    public async Task OddFile_Uploaded_IsPublishedWithEveryFrame(string name, string rungs)
    {
        var path = Repository.Media($"hostile/{name}");
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);

        var presentation = await outcome.PresentationAsync();
        Assert.Equal(rungs, string.Join(", ", presentation.Video.Select(rung => $"{rung.Id} {rung.Video!.Width}x{rung.Video.Height}")));
        if (!presentation.Video.Any()) return;
        var frames = OutsideProbe.CountFrames(path);
        var keyframes = new HashSet<string>();
        var files = new List<(string, int, int)>();
        foreach (var rung in presentation.Video)
        {
            var file = await outcome.FetchAsync(rung.Id, ingest.Folder.FullName);
            Assert.Equal((frames, frames), (OutsideProbe.CountFrames(file), rung.SampleCount));
            keyframes.Add(string.Join(' ', OutsideProbe.Keyframes(file)));
            files.Add((file, rung.Video!.Width, rung.Video.Height));
        }
        Assert.Single(keyframes);
        Assert.All(OutsideProbe.Similarities(path, files), similarity => Assert.InRange(similarity, 0.8, 1));
    }
}
