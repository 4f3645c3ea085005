using Movento.Harness;
using Movento.Ingest.Encode;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Tests.Encode;

/// <summary>A disk without room is no fault of the film that is encoded then.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Encode_WithoutRoomForWhatItWrites_IsNoVerdictAboutTheFilm()
    {
        var run = new DecodingRun(new IngestOptions(), new ToolRunner(TimeProvider.System));
        string[] arguments =
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+verbose", "-f", "lavfi", "-i", "testsrc=d=1:s=320x180", "-f", "mpegts", "-y", "/dev/full",
        ];
        var error = await Assert.ThrowsAsync<IOException>(() => run.RunAsync(arguments, _folder.Combine(), TimeSpan.FromSeconds(1), new DecodeTally(), null, default));
        Assert.Contains("no room", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[error] av_interleaved_write_frame(): No space left on device", true)]
    [InlineData("[mp4 @ 0x55d0c0ffee] [error] Error writing trailer of chunk.mp4: No space left on device", true)]
    [InlineData("[fatal] chunk.mp4: Disk quota exceeded", true)]
    [InlineData("[error] Error while decoding stream #0:0: Invalid data found when processing input", false)]
    [InlineData("[info]     title           : [error] a: No space left on device", false)]
    [InlineData("[info] av_interleaved_write_frame(): No space left on device", false)]
    public void Line_OfFfmpeg_SaysWhetherTheDiskIsFull(string line, bool expected)
    {
        var tally = new DecodeTally();
        tally.Take(line);
        Assert.Equal(expected, tally.IsDiskFull);
    }

    public void Dispose() => _folder.Dispose();
}
