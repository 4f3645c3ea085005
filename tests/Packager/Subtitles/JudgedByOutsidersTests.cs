using Movento.Harness;
using Movento.Packager.Subtitles;

namespace Movento.Packager.Tests.Subtitles;

/// <summary>Tracks that ffmpeg and Shaka Packager wrote, read by us; and what mediainfo and ffprobe say of ours.</summary>
public sealed class JudgedByOutsidersTests : IDisposable
{
    private const string SubRip =
        """
        1
        00:00:00,500 --> 00:00:01,500
        Plain, then <b>bold</b>, <i>slanted</i>, <u>under</u>

        2
        00:00:02,000 --> 00:00:05,000
        Two lines of
        Grüße, 世界 😀

        3
        00:00:06,000 --> 00:00:06,800
        1 < 2 & 3

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("progressive.mp4", "", 0)]
    // In fragments, ffmpeg 5.1 begins a track of text with its first cue, whenever that is; ffprobe sees the same.
    [InlineData("fragmented.mp4", "-movflags empty_moov+frag_keyframe+default_base_moof", -0.5)]
    public async Task TimedText_OfFfmpeg_ReadsAsTheTextItWasMadeFrom(string name, string options, double later)
    {
        var path = await TimedTextAsync(name, options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var read = await ReadAsync(path);
        var shift = TimeSpan.FromSeconds(later);
        Assert.Equal(PackagedSubtitles.Read(SubRip).Cues.Select(cue => cue with { Start = cue.Start + shift, End = cue.End + shift }), read.Cues);
        Assert.Equal(0, read.Skipped);
    }

    [Fact]
    public async Task TextOfQuickTime_IsRefusedByName()
    {
        var error = await Assert.ThrowsAsync<MediaFormatException>(async () => await ReadAsync(await TimedTextAsync("quicktime.mov", [])));
        Assert.Equal((MediaFormatError.Unsupported, "moov/trak/mdia/minf/stbl/stsd/text"), (error.Error, error.Path));
    }

    [Fact]
    public async Task TimedText_ThatBeginsLater_KeepsItsTimes()
    {
        var text = await TextAsync("cues.srt", SubRip);
        var path = _folder.Combine("late.mp4");
        await Tool.OutputAsync("ffmpeg", "-v", "error", "-nostdin", "-itsoffset", "10", "-i", text, "-c:s", "mov_text", path);
        var read = await ReadAsync(path);
        Assert.Equal([10.5, 12, 16], read.Cues.Select(cue => cue.Start.TotalSeconds));
    }

    [Fact]
    public async Task TrackOfShakaPackager_Read_HasTheSameCuesAsOurs()
    {
        using var ours = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read(PackagedSubtitles.WebVtt));
        var theirs = _folder.Combine("shaka.mp4");
        await Tool.OutputAsync(Shaka, "--segment_duration", "4", $"in={ours.Sidecar},stream=text,output={theirs}");

        // It writes the alignment out that WebVTT takes by itself, and numbers no cue that it has split.
        var read = await ReadAsync(theirs);
        Assert.Equal(
            (await ours.ReadTrackAsync()).Cues.Select(cue => (cue.Start, cue.End, cue.Id, cue.Text)),
            read.Cues.Select(cue => (cue.Start, cue.End, cue.Id, cue.Text)));
    }

    [Fact]
    public async Task Segments_OfShakaPackager_HoldTheSameCuesAsOurs()
    {
        using var ours = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read(PackagedSubtitles.WebVtt));
        await Tool.OutputAsync(Shaka, "--segment_duration", "4", $"in={ours.Sidecar},stream=text,segment_template={_folder.Combine("$Number$.vtt")}");
        var texts = ours.SegmentTexts();
        for (var number = 1; number <= texts.Length; number++)
        {
            var theirs = SubtitleTrack.Read(await File.ReadAllBytesAsync(_folder.Combine($"{number}.vtt")));
            Assert.Equal(
                theirs.Cues.Select(cue => (cue.Start, cue.End, cue.Text)), PackagedSubtitles.Read(texts[number - 1]).Cues.Select(cue => (cue.Start, cue.End, cue.Text)));
        }
    }

    [Fact]
    public async Task Track_OfOurs_IsWebVttToMediainfoAndWholeToFfprobe()
    {
        using var packaged = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read(PackagedSubtitles.WebVtt));
        var media = await Tool.OutputAsync("mediainfo", "--Output=Text;%CodecID%,%Duration%,%Language%", packaged.Track);
        Assert.Equal("wvtt,12000,en", media.Trim());
        // ffmpeg 5.1 has no decoder for it, but reads its samples: one for each change and each border, without a gap.
        var packets = await Tool.OutputAsync("ffprobe", "-v", "error", "-show_entries", "packet=pts", "-of", "csv=p=0", packaged.Track);
        Assert.Equal("0 1000 2000 2500 3500 4000 5000 8000 9250 9500 10000", packets.Trim().Replace(',', ' ').Replace('\n', ' '));
        Assert.Equal(11, packaged.Rendition.SampleCount);
        Assert.Equal("12.000000", (await Tool.OutputAsync("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", packaged.Track)).Trim());
    }

    [Fact]
    public async Task Sidecar_OfOurs_IsReadByFfmpegCueForCue()
    {
        // Without the STYLE block, after which ffmpeg 5.1 reads no more.
        using var packaged = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read(PackagedSubtitles.WebVtt) with { Blocks = [] });
        var back = await Tool.OutputAsync("ffmpeg", "-v", "error", "-nostdin", "-i", packaged.Sidecar, "-c:s", "copy", "-f", "webvtt", "-");
        Assert.Equal(PackagedSubtitles.Read(PackagedSubtitles.WebVtt).Cues.Select(cue => (cue.Start, cue.End, cue.Text)),
            PackagedSubtitles.Read(back).Cues.Select(cue => (cue.Start, cue.End, cue.Text)));
    }

    [Fact]
    public async Task Tracks_Mutated_NeverCrash()
    {
        using var packaged = await PackagedSubtitles.OfAsync(PackagedSubtitles.Read(PackagedSubtitles.WebVtt));
        foreach (var path in new[] { packaged.Track, await TimedTextAsync("mutated.mp4", []) })
        {
            var seed = await File.ReadAllBytesAsync(path);
            var random = new Random(20261122);
            for (var round = 0; round < 3_000; round++)
            {
                var mutated = (byte[])seed.Clone();
                for (var change = random.Next(1, 6); change > 0; change--)
                    mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                using var stream = new MemoryStream(mutated);
                try
                {
                    await SubtitleTrack.ReadAsync(stream, null, CancellationToken.None);
                }
                catch (MediaFormatException)
                {
                    // Refused by name.
                }
            }
        }
    }

    private static string Shaka => Repository.Combine(
        "tests", "npm", "node_modules", "shaka-packager", "bin", System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "packager-linux-arm64" : "packager-linux-x64");

    private static async Task<SubtitleTrack> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return await SubtitleTrack.ReadAsync(file, null, CancellationToken.None);
    }

    private async Task<string> TimedTextAsync(string name, string[] options)
    {
        var path = _folder.Combine(name);
        await Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-i", await TextAsync("cues.srt", SubRip), "-c:s", "mov_text", .. options, path]);
        return path;
    }

    private async Task<string> TextAsync(string name, string text)
    {
        var path = _folder.Combine(name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
