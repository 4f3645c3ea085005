using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Cmaf;

/// <summary>What is not packaged, by name, and that nothing is written then.</summary>
[Collection(nameof(Films))]
public sealed class RefusalTests(Films films)
{
    [Theory]
    [InlineData("hostile/no_moov.mp4", TrackKind.Video, MediaFormatError.Truncated)]
    [InlineData("hostile/truncated_200k.mp4", TrackKind.Video, MediaFormatError.Truncated)]
    [InlineData("hostile/sample_missing_stsd.mp4", TrackKind.Audio, MediaFormatError.Missing)]
    [InlineData("hostile/sample_vvc.mp4", TrackKind.Video, MediaFormatError.Unsupported)]
    [InlineData("hostile/sample_audio_only.mp4", TrackKind.Video, MediaFormatError.Missing)]
    [InlineData("hostile/ffmc_input_video_only_3sec.mp4", TrackKind.Audio, MediaFormatError.Missing)]
    [InlineData("hostile/text.mp4", TrackKind.Video, MediaFormatError.Invalid)]
    [InlineData("hostile/hls_ssrf.mp4", TrackKind.Video, MediaFormatError.Invalid)]
    [InlineData("hostile/sio_weird_aspect.small.mpg", TrackKind.Video, MediaFormatError.Invalid)]
    [InlineData("hostile/bear-vp9-odd-dimensions.webm", TrackKind.Video, MediaFormatError.Invalid)]
    public Task Source_ThatCannotBePackaged_IsRefusedByName(string name, TrackKind kind, MediaFormatError expected) =>
        AssertRefusedAsync(File.OpenRead(Repository.Media(name)), kind, expected);

    [Fact]
    public async Task Mp3_IsUnsupportedWithAHint()
    {
        var error = await AssertRefusedAsync(File.OpenRead(films.Mp3), TrackKind.Audio, MediaFormatError.Unsupported);
        Assert.Equal("moov/trak/mdia/minf/stbl/stsd/mp4a/esds", error.Path);
        Assert.Contains("MP3, which is not packaged: encode it to AAC", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EditList_ThatHidesPictures_IsUnsupported()
    {
        using var folder = new TemporaryFolder();
        var trimmed = folder.Combine("trimmed.mp4");
        await Tool.OutputAsync("ffmpeg", "-v", "error", "-ss", "1", "-i", films.BFrames, "-map", "0:v", "-c", "copy", trimmed);
        await AssertRefusedAsync(File.OpenRead(trimmed), TrackKind.Video, MediaFormatError.Unsupported);
    }

    [Fact]
    public Task EmptyFile_IsMissingItsMovie() => AssertRefusedAsync(new MemoryStream(), TrackKind.Video, MediaFormatError.Missing);

    [Theory]
    [InlineData("")]
    [InlineData("../v")]
    [InlineData("V1")]
    [InlineData("v123456789012345678901234567890123")]
    public async Task Id_OfOtherCharacters_IsAnArgumentError(string id) => await Assert.ThrowsAsync<ArgumentException>(() => CmafPackager.PackageAsync(
        new MemoryStream(), new MemoryStream(), new CmafSettings { Id = id, Kind = TrackKind.Video }, CancellationToken.None));

    [Fact]
    public async Task Cancellation_StopsThePackaging() => await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CmafPackager.PackageAsync(
        File.OpenRead(films.BFrames), new MemoryStream(), new CmafSettings { Id = "v", Kind = TrackKind.Video }, new CancellationToken(canceled: true)));

    private static async Task<MediaFormatException> AssertRefusedAsync(Stream source, TrackKind kind, MediaFormatError expected)
    {
        await using (source)
        {
            var destination = new MemoryStream();
            var error = await Assert.ThrowsAsync<MediaFormatException>(() => CmafPackager.PackageAsync(
                source, destination, new CmafSettings { Id = "x", Kind = kind }, CancellationToken.None));
            Assert.Equal(expected, error.Error);
            Assert.Equal(0, destination.Length);
            return error;
        }
    }
}
