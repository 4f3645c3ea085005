using System.Globalization;
using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Tests.Cmaf;

/// <summary>Chunks that were encoded apart become one track without a seam.</summary>
public sealed class JoinedChunksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Chunks_OfAFractionalFrameRate_AreOneTrackWithEveryFrameAtItsTime()
    {
        const int Timescale = 30_000;
        var chunks = await EncodeAsync(Timescale, "testsrc2=rate=30000/1001:duration=6.2:size=160x90", [0, 2, 4]);
        var (rendition, path) = await JoinAsync(chunks);

        Assert.Equal(186, rendition.SampleCount);
        var pictures = await DecodedFrames.PicturesAsync(path);
        Assert.Equal(186, pictures.Length);
        for (var n = 0; n < pictures.Length; n++) Assert.Equal((long)Math.Round(n * 1001 / 30.0), pictures[n].Milliseconds, 1.0);
        // The first frame at or after each multiple of two seconds, and every frame as the chunk has it.
        Assert.Equal([0, 60 * 1001, 120 * 1001, 180 * 1001], rendition.Segments.Select(segment => segment.Start));
        Assert.Equal(186 * 1001, rendition.End);
        List<string> expected = [];
        foreach (var chunk in chunks) expected.AddRange((await DecodedFrames.PicturesAsync(chunk.Path)).Select(picture => picture.Hash));
        Assert.Equal(expected, pictures.Select(picture => picture.Hash));
    }

    [Fact]
    public async Task Chunk_OfOtherParameterSets_IsRefused()
    {
        var chunks = await EncodeAsync(25, "testsrc2=rate=25:duration=4:size=160x90", [0, 2]);
        var other = await EncodeAsync(25, "testsrc2=rate=25:duration=4:size=176x90", [0, 2]);
        var refusal = await Assert.ThrowsAsync<MediaFormatException>(() => JoinAsync([chunks[0], other[1]]));
        Assert.Equal(MediaFormatError.Invalid, refusal.Error);
    }

    [Fact]
    public async Task Chunk_ThatReachesIntoTheNext_IsRefused()
    {
        var chunks = await EncodeAsync(25, "testsrc2=rate=25:duration=4:size=160x90", [0, 2]);
        var refusal = await Assert.ThrowsAsync<MediaFormatException>(() => JoinAsync([chunks[0], chunks[1] with { Start = TimeSpan.FromSeconds(1) }]));
        Assert.Contains("ended", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunks_WithAMissingFrameAtTheJoin_KeepTheTimesOfTheOthers()
    {
        // Without its last frame the chunk before a join ends earlier; its last picture is shown until the next chunk begins.
        var chunks = await EncodeAsync(25, "testsrc2=rate=25:duration=4:size=160x90,select='not(eq(n,49))'", [0, 2]);
        var (rendition, path) = await JoinAsync(chunks);
        Assert.Equal(99, rendition.SampleCount);
        var pictures = await DecodedFrames.PicturesAsync(path);
        Assert.Equal([1920, 2000], pictures.Skip(48).Take(2).Select(picture => picture.Milliseconds));
    }

    private async Task<(Rendition Rendition, string Path)> JoinAsync(IReadOnlyList<TrackChunk> chunks)
    {
        var path = _folder.Combine("joined.mp4");
        await using var destination = File.Create(path);
        var rendition = await CmafPackager.PackageAsync(
            chunks, destination, new CmafSettings { Id = "v90", Kind = TrackKind.Video, SegmentDuration = TimeSpan.FromSeconds(2) }, default);
        return (rendition, path);
    }

    private async Task<TrackChunk[]> EncodeAsync(int timescale, string pictures, int[] starts)
    {
        var chunks = new List<TrackChunk>();
        for (var index = 0; index < starts.Length; index++)
        {
            var (from, to) = (starts[index] * timescale, index + 1 < starts.Length ? starts[index + 1] * timescale : int.MaxValue);
            var path = _folder.Combine($"{Guid.NewGuid():N}.mp4");
            var scale = timescale.ToString(CultureInfo.InvariantCulture);
            await Tool.OutputAsync(
                "ffmpeg", "-v", "error", "-nostdin", "-copyts", "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture,
                    $"{pictures},settb=1/{timescale},trim=start_pts={from}:end_pts={to},setpts=PTS-{from},format=yuv420p"),
                "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "1000", "-sc_threshold", "0", "-force_key_frames", "expr:gte(t,n_forced*2)",
                "-fps_mode", "passthrough", "-enc_time_base", $"1:{scale}", "-video_track_timescale", scale, "-movie_timescale", scale, path);
            chunks.Add(new TrackChunk(path, TimeSpan.FromSeconds(starts[index])));
        }

        return [.. chunks];
    }
}
