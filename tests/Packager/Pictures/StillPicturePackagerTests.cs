using System.Globalization;
using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Pictures;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Pictures;

public sealed class StillPicturePackagerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pictures_Packaged_AreDecodedByFfmpegAtTheirTimes()
    {
        var source = await MakeAsync("pictures.mjpeg", count: 7, "160x90");
        var (rendition, path) = await PackageAsync(source, interval: 2, duration: 13.2);

        Assert.Equal(("mjpg", TrackKind.Image, 160, 90), (rendition.Codecs, rendition.Kind, rendition.Video!.Width, rendition.Video.Height));
        Assert.Equal(new FrameRate(1, 2), rendition.Video.FrameRate);
        var frames = await Tool.OutputAsync(
            "ffprobe", "-v", "error", "-show_entries", "stream=codec_name,codec_tag_string:frame=pts_time,key_frame,width", "-of", "csv=p=0", path);
        Assert.Contains("mjpeg,mjpg", frames, StringComparison.Ordinal);
        var times = frames.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("1,", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture));
        Assert.Equal([0, 2, 4, 6, 8, 10, 12], times);
        // The very pixels: each frame of the track is the frame that was given.
        Assert.Equal(await HashesAsync(source), await HashesAsync(path));
    }

    [Fact]
    public async Task AccessPoints_OfPictures_NameEachJpegAndLastToTheEnd()
    {
        var source = await MakeAsync("pictures.mjpeg", count: 5, "160x90");
        var (rendition, path) = await PackageAsync(source, interval: 2, duration: 9.5);

        Assert.Equal([0, 2000, 4000, 6000, 8000], rendition.AccessPoints.Select(point => point.Start));
        Assert.Equal([2000, 2000, 2000, 2000, 1500], rendition.AccessPoints.Select(point => point.Duration));
        Assert.Equal([0, 4000, 8000], rendition.Segments.Select(segment => segment.Start));
        var bytes = await File.ReadAllBytesAsync(path);
        foreach (var point in rendition.AccessPoints)
        {
            var fragment = bytes.AsSpan((int)point.Offset, (int)point.Size);
            Assert.Equal("moof"u8, fragment.Slice(4, 4));
            var picture = fragment[(fragment.IndexOf("mdat"u8) + 4)..];
            Assert.Equal(new JpegPicture(160, 90, picture.Length), JpegPicture.Read(picture));
        }

        await using var file = File.OpenRead(path);
        Assert.Equal(rendition.Segments.AsEnumerable(), (await CmafTrackFile.ReadAsync(file, CancellationToken.None)).Segments);
    }

    [Fact]
    public async Task Pictures_PastTheEnd_AreLeftOut()
    {
        var (rendition, _) = await PackageAsync(await MakeAsync("pictures.mjpeg", count: 7, "64x36"), interval: 2, duration: 4.001);
        Assert.Equal(3, rendition.SampleCount);
        Assert.Equal(4001, rendition.End);
    }

    [Fact]
    public async Task Pictures_OfTwoSizes_AreRefused()
    {
        var (first, second) = (await MakeAsync("1.mjpeg", 1, "64x36"), await MakeAsync("2.mjpeg", 1, "32x18"));
        var both = _folder.Combine("both.mjpeg");
        await File.WriteAllBytesAsync(both, [.. await File.ReadAllBytesAsync(first), .. await File.ReadAllBytesAsync(second)]);
        var error = await Assert.ThrowsAsync<MediaFormatException>(() => PackageAsync(both, 2, 10));
        Assert.Equal((MediaFormatError.Invalid, new FileInfo(first).Length), (error.Error, error.Offset));
    }

    [Fact]
    public async Task Picture_CutAnywhere_IsRefusedByName()
    {
        var picture = await File.ReadAllBytesAsync(await MakeAsync("1.mjpeg", 1, "64x36"));
        Assert.Equal(new JpegPicture(64, 36, picture.Length), JpegPicture.Read(picture));
        for (var length = 0; length < picture.Length; length++)
            Assert.Equal(MediaFormatError.Truncated, Assert.Throws<MediaFormatException>(() => JpegPicture.Read(picture.AsSpan(0, length))).Error);
    }

    [Fact]
    public async Task Picture_Mutated_NeverCrashes()
    {
        var picture = await File.ReadAllBytesAsync(await MakeAsync("1.mjpeg", 1, "64x36"));
        var random = new Random(20261122);
        for (var round = 0; round < 20_000; round++)
        {
            var mutated = (byte[])picture.Clone();
            for (var change = random.Next(1, 5); change > 0; change--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            try
            {
                var read = JpegPicture.Read(mutated);
                Assert.InRange(read.Length, 1, mutated.Length);
            }
            catch (MediaFormatException)
            {
                // Refused by name.
            }
        }
    }

    private async Task<string> MakeAsync(string name, int count, string size)
    {
        var path = _folder.Combine(name);
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", $"testsrc2=rate=1:size={size}", "-frames:v", count.ToString(CultureInfo.InvariantCulture),
            "-pix_fmt", "yuvj420p", "-q:v", "5", "-f", "mjpeg", path);
        return path;
    }

    private async Task<(Rendition Rendition, string Path)> PackageAsync(string source, double interval, double duration)
    {
        var path = _folder.Combine("i0.mp4");
        await using var input = File.OpenRead(source);
        await using var output = File.Create(path);
        var settings = new StillPictureSettings { Interval = TimeSpan.FromSeconds(interval), Duration = TimeSpan.FromSeconds(duration) };
        return (await StillPicturePackager.PackageAsync(input, output, settings, CancellationToken.None), path);
    }

    private static async Task<string[]> HashesAsync(string path) =>
    [
        .. (await Tool.OutputAsync("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-fps_mode", "passthrough", "-f", "framehash", "-hash", "md5", "-"))
            .Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')[^1].Trim()),
    ];
}
