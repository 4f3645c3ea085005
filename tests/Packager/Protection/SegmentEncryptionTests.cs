using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Movento.Packager.Cmaf;
using Movento.Packager.Hls;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Packager.Tests.Protection;

/// <summary>HLS AES-128: whole segments, with a key for each two of them.</summary>
[Collection(nameof(Films))]
public sealed class SegmentEncryptionTests(Films films)
{
    [Theory]
    [InlineData(TrackKind.Video)]
    [InlineData(TrackKind.Audio)]
    public async Task Segments_Decrypted_AreThoseInTheClear(TrackKind kind)
    {
        using var first = new ContentKey(1, EncryptedFile.Key, EncryptedFile.Vector);
        using var second = new ContentKey(2, [.. EncryptedFile.Key.Reverse()]);
        using var file = await EncryptedFile.OfAsync(
            films.BFrames, kind, new EncryptionSettings { Scheme = EncryptionScheme.Aes128, Keys = [first, second], SegmentsPerKey = 2 });
        var clearPath = file.Combine("clear.mp4");
        var clear = await PackagedFilm.PackageAsync(
            films.BFrames, clearPath, new CmafSettings { Id = "x", Kind = kind, SegmentDuration = TimeSpan.FromSeconds(4) });
        var (bytes, clearBytes) = (await File.ReadAllBytesAsync(file.Path), await File.ReadAllBytesAsync(clearPath));

        var rendition = file.Rendition;
        Assert.Equal(bytes.Length, rendition.FileSize);
        Assert.Equal(0, rendition.SegmentIndex.Size);
        Assert.Empty(rendition.AccessPoints);
        Assert.Equal(clearBytes[..(int)clear.Initialization.Size], bytes[..(int)rendition.Initialization.Size]);
        Assert.Equal(clear.Segments.Select(segment => segment.Duration), rendition.Segments.Select(segment => segment.Duration));
        Assert.Equal([0, 2], rendition.Encryption!.Periods.Select(period => period.FirstSegment));
        Assert.Equal([1, 2], rendition.Encryption.Periods.Select(period => (int)period.KeyId));
        for (var index = 0; index < rendition.Segments.Length; index++)
        {
            var (segment, expected) = (rendition.Segments[index], clear.Segments[index]);
            using var aes = Aes.Create();
            aes.SetKey(index < 2 ? EncryptedFile.Key : [.. EncryptedFile.Key.Reverse()]);
            var vector = new byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(vector, rendition.Encryption.PeriodOf(index).InitializationVector);
            var decrypted = aes.DecryptCbc(bytes.AsSpan((int)segment.Offset, (int)segment.Size), vector);
            Assert.Equal(clearBytes.AsSpan((int)expected.Offset, (int)expected.Size).ToArray(), decrypted);
        }
    }

    [Fact]
    public async Task Playlist_PlayedByFfmpeg_HasTheSourcesFrames()
    {
        using var key = new ContentKey(EncryptedFile.KeyId, EncryptedFile.Key);
        using var file = await EncryptedFile.OfAsync(
            films.BFrames, TrackKind.Video, new EncryptionSettings { Scheme = EncryptionScheme.Aes128, Keys = [key] });
        // As virtual segments: ffmpeg 5.1 seeks within what it decrypts where byte ranges lie in a local file.
        foreach (var folder in (string[])["keys", "segments", "segments/x"])
            Directory.CreateDirectory(file.Combine(folder));
        await File.WriteAllBytesAsync(file.Combine($"keys/{EncryptedFile.KeyId:x32}"), EncryptedFile.Key);
        var bytes = await File.ReadAllBytesAsync(file.Path);
        await File.WriteAllBytesAsync(file.Combine("segments/x/init.mp4"), bytes[..(int)file.Rendition.Initialization.Size]);
        var number = 0;
        foreach (var segment in file.Rendition.Segments)
            await File.WriteAllBytesAsync(file.Combine($"segments/x/{++number}.m4s"), bytes.AsSpan((int)segment.Offset, (int)segment.Size).ToArray());
        var output = new ArrayBufferWriter<byte>();
        MediaPlaylist.Write(output, new Presentation { Renditions = [file.Rendition] }, file.Rendition, SegmentAddressing.Segments);
        await File.WriteAllBytesAsync(file.Combine("segments/x.m3u8"), output.WrittenSpan.ToArray());

        Assert.Equal(
            await FrameHashes.OfAsync(films.BFrames, "v:0"),
            await FrameHashes.OfAsync(file.Combine("segments/x.m3u8"), "v:0", "-allowed_extensions", "ALL"));
    }
}
