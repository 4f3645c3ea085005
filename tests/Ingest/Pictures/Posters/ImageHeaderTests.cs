using Movento.Harness;
using Movento.Ingest.Pictures.Posters;

namespace Movento.Ingest.Tests.Pictures.Posters;

/// <summary>What the first bytes of a picture say, held against what ffmpeg wrote.</summary>
public sealed class ImageHeaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("a.jpg", "jpeg_pipe", new string[0])]
    [InlineData("b.png", "png_pipe", new string[0])]
    [InlineData("c.webp", "webp_pipe", new[] { "-c:v", "libwebp" })]
    [InlineData("d.webp", "webp_pipe", new[] { "-c:v", "libwebp", "-lossless", "1" })]
    [InlineData("e.webp", "webp_pipe", new[] { "-c:v", "libwebp", "-pix_fmt", "yuva420p" })]
    public async Task Read_PictureOfEachKind_FindsItsSizeAndNeverReadsPastACut(string name, string demuxer, string[] encoding)
    {
        var bytes = await MakeAsync(name, encoding);
        Assert.Equal((demuxer, 322, 181), ImageHeader.Read(bytes) is { } header ? (header.Demuxer, header.Width, header.Height) : default);
        // Cut anywhere, it is the same header or none.
        for (var length = 0; length < Math.Min(bytes.Length, 2_000); length++)
            Assert.True(ImageHeader.Read(bytes.AsSpan(0, length)) is null or { Width: 322, Height: 181 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("FFD8FFE0")]
    [InlineData("FFD8FFFFFFFFFFFFFFFF")]
    // A length that leads out of the file, and one below its own.
    [InlineData("FFD8FFE0FFFF0000")]
    [InlineData("FFD8FFE0000100")]
    // Lossless JPEG, which nobody wants to decode.
    [InlineData("FFD8FFC3000B080010001001011100")]
    [InlineData("89504E470D0A1A0A0000000D49484452000000000000000008060000000000000000")]
    [InlineData("89504E470D0A1A0A0000000D4948445280000001000000100806000000000000000000")]
    // An animated WebP.
    [InlineData("524946461A000000574542505650385 80A00000002000000410100B40000")]
    [InlineData("3C7376672F3E3C7376672F3E3C7376672F3E3C7376672F3E")]
    public void Read_AnythingElse_IsNull(string hexadecimal) =>
        Assert.Null(ImageHeader.Read(Convert.FromHexString(hexadecimal.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public async Task Read_Jpeg_WhateverByteIsChanged_NeverThrows()
    {
        var bytes = await MakeAsync("a.jpg", []);
        for (var index = 0; index < Math.Min(bytes.Length, 700); index++)
        {
            var changed = (byte[])bytes.Clone();
            foreach (var value in (byte[])[0x00, 0xFF, 0xC0, (byte)~bytes[index]])
            {
                changed[index] = value;
                _ = ImageHeader.Read(changed);
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private async Task<byte[]> MakeAsync(string name, string[] encoding)
    {
        var path = _folder.Combine(name);
        await Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc=size=322x181", "-frames:v", "1", .. encoding, path]);
        return await File.ReadAllBytesAsync(path);
    }
}
