using Movento.Ingest.Tests.Running;

namespace Movento.Ingest.Tests.Pictures;

/// <summary>What a viewer would see: the pixels of published pictures, looked at one by one.</summary>
public sealed class LookedAtTests(IngestFixture ingest) : IClassFixture<IngestFixture>
{
    private const int Bright = 128;

    [Theory]
    // stored size, shape of a pixel, shown size; turned: a player turns it by a quarter
    [InlineData(352, 288, "12/11", 384, 288, 0)]
    [InlineData(240, 288, "16/9", 426, 288, 0)]
    [InlineData(352, 288, "12/11", 288, 384, 90)]
    public async Task Anamorphic_Published_ShowsACircleAsACircle(int width, int height, string shape, int shownWidth, int shownHeight, int turned)
    {
        var parts = shape.Split('/');
        var aspect = FormattableString.Invariant($"{parts[0]}/{parts[1]}");
        var flat = Make("flat.mp4",
            "-f", "lavfi", "-i",
            $"color=black:s={width}x{height}:r=25:d=0.4,format=yuv420p,geq=lum='if(lt(hypot((X-{width / 2})*{aspect}\\,Y-{height / 2})\\,100)\\,235\\,16)':cb=128:cr=128,setsar={aspect}",
            "-c:v", "libx264", "-preset", "ultrafast");
        var path = turned == 0 ? flat : Make("turned.mp4", "-i", flat, "-c", "copy", "-metadata:s:v:0", $"rotate={turned}");
        var rung = await PublishAsync(path);
        Assert.Equal((shownWidth, shownHeight), (rung.Width, rung.Height));
        var picture = rung.Frames[5];
        var columns = Enumerable.Range(0, rung.Width).Where(x => Enumerable.Range(0, rung.Height).Any(y => picture[y * rung.Width + x] > Bright)).ToList();
        var rows = Enumerable.Range(0, rung.Height).Where(y => Enumerable.Range(0, rung.Width).Any(x => picture[y * rung.Width + x] > Bright)).ToList();
        Assert.InRange(columns[^1] - columns[0] + 1, 197, 203);
        Assert.InRange(rows[^1] - rows[0] + 1, 197, 203);
    }

    [Theory]
    [InlineData("top", "interleave_top", "tff=1", 15)]
    [InlineData("bottom", "interleave_bottom", "bff=1", 15)]
    public async Task Interlaced_Published_HasNoCombsAndEveryFrame(string name, string interleave, string order, int frames)
    {
        // A bar that moves by 4 pixels a field: two fields of one frame disagree about where it is.
        var path = Make($"{name}.mp4",
            "-f", "lavfi", "-i", $"color=black:s=320x240:r=50:d=0.6,format=yuv420p,geq=lum='if(between(mod(X-N*4\\,320)\\,0\\,40)\\,235\\,16)':cb=128:cr=128,tinterlace={interleave}",
            "-c:v", "libx264", "-preset", "ultrafast", "-flags", "+ilme+ildct", "-x264-params", order);
        Assert.Equal(frames, OutsideProbe.CountFrames(path));
        Assert.All(Decode(path, 320, 240).Skip(2).Take(10), picture => Assert.True(Combs(picture, 320, 240) > 500, "the source has combs"));

        var rung = await PublishAsync(path);
        Assert.Equal((320, 240, frames), (rung.Width, rung.Height, rung.Frames.Count));
        Assert.All(rung.Frames, picture => Assert.InRange(Combs(picture, 320, 240), 0, 40));
        // In the order of time: the bar only ever moves on, by 8 pixels a frame.
        var places = rung.Frames.Select(picture => Enumerable.Range(0, 320).First(x => picture[120 * 320 + x] > Bright && picture[120 * 320 + (x + 319) % 320] <= Bright)).ToList();
        for (var i = 1; i < places.Count; i++) Assert.InRange((places[i] - places[i - 1] + 320) % 320, 4, 12);
    }

    [Fact]
    public async Task FilmThatBeginsBlack_Published_HasAPosterThatShowsSomething()
    {
        var path = Make("dark.mp4",
            "-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=3", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1",
            "-filter_complex", "[0:v][1:v]concat=n=2", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p");
        var outcome = await ingest.EndAsync(path);
        var poster = ingest.Folder.Combine($"{outcome.Id}.jpg");
        Assert.True(await ingest.Host.Store.CopyToFileAsync(
            Movento.Contracts.StorageKey.Poster(Movento.Contracts.AssetId.Parse(outcome.Id), outcome.Version), poster, default));
        Assert.InRange(Decode(poster, 320, 180)[0].Average(pixel => pixel), 60, 220);
    }

    // Pixels whose rows above and below both differ much, to the same side.
    private static int Combs(byte[] picture, int width, int height)
    {
        var combs = 0;
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (above, here, below) = (picture[(y - 1) * width + x], picture[y * width + x], picture[(y + 1) * width + x]);
                if (here - above > 60 && here - below > 60 || above - here > 60 && below - here > 60) combs++;
            }
        }
        return combs;
    }

    private async Task<(int Width, int Height, IReadOnlyList<byte[]> Frames)> PublishAsync(string path)
    {
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        var rung = (await outcome.PresentationAsync()).Video.Last();
        Assert.Equal((1, 1), (rung.Video!.SampleAspectRatio.Horizontal, rung.Video.SampleAspectRatio.Vertical));
        return (rung.Video.Width, rung.Video.Height, Decode(await outcome.FetchAsync(rung.Id, ingest.Folder.FullName), rung.Video.Width, rung.Video.Height));
    }

    private List<byte[]> Decode(string path, int width, int height)
    {
        var raw = ingest.Folder.Combine("looked-at.gray");
        OutsideProbe.Tool("ffmpeg", "-v", "error", "-nostdin", "-y", "-i", path, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", raw);
        return [.. File.ReadAllBytes(raw).Chunk(width * height)];
    }

    private string Make(string name, params string[] options)
    {
        var path = ingest.Folder.Combine($"{Guid.NewGuid():N}-{name}");
        OutsideProbe.Tool("ffmpeg", ["-v", "error", "-nostdin", .. options, "-y", path]);
        return path;
    }
}
