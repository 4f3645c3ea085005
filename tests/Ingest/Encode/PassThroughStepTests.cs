using System.Text.Json;
using Movento.Harness;
using Movento.Ingest.Tests.Running;

namespace Movento.Ingest.Tests.Encode;

/// <summary>A source that is what a rung should be is that rung, picture for picture; one that is not is encoded.</summary>
public sealed class PassThroughStepTests(IngestFixture ingest) : IClassFixture<IngestFixture>
{
    [Theory]
    [InlineData(48, true)]
    // Its keyframes do not lie where segments begin.
    [InlineData(90, false)]
    public async Task FilmOfARungsSize_WithKeyframesEverySoManyFrames_IsPassedThroughOrEncoded(int interval, bool isPassedThrough)
    {
        var path = ingest.Folder.Combine($"{interval}.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=rate=24:duration=5:size=1280x720", "-f", "lavfi", "-i", "sine=d=5",
            "-c:v", "libx264", "-preset", "veryfast", "-b:v", "900k", "-maxrate", "900k", "-bufsize", "900k", "-pix_fmt", "yuv420p", "-color_range", "tv",
            "-g", interval.ToString(System.Globalization.CultureInfo.InvariantCulture), "-sc_threshold", "0", "-c:a", "aac", "-y", path);
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);

        var rungs = (await outcome.ReceiptAsync()).GetProperty("rungs").EnumerateArray().ToDictionary(rung => rung.GetProperty("id").GetString()!);
        Assert.All(rungs, rung => Assert.Equal(isPassedThrough && rung.Key == "v720", rung.Value.GetProperty("isPassedThrough").GetBoolean()));
        Assert.Equal(isPassedThrough, rungs["v720"].GetProperty("ssim").ValueKind == JsonValueKind.Null);
        var file = await outcome.FetchAsync("v720", ingest.Folder.FullName);
        Assert.Equal(OutsideProbe.FrameTimes(path), OutsideProbe.FrameTimes(file));
        Assert.Equal(isPassedThrough, await PicturesAsync(path) == await PicturesAsync(file));
        // Whatever it is, it is cut where the other rungs are.
        var starts = (await outcome.PresentationAsync()).Video.Select(rung => string.Join(' ', rung.Segments.Select(segment => segment.Start * 1.0 / rung.Timescale)));
        Assert.Single(starts.Distinct());
    }

    private static Task<string> PicturesAsync(string path) => Tool.OutputAsync("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", "0:v:0", "-f", "md5", "-");
}
