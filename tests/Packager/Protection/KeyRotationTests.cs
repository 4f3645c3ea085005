using Movento.Packager.Cmaf;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Packager.Tests.Protection;

/// <summary>A key for each segment.</summary>
[Collection(nameof(Films))]
public sealed class KeyRotationTests(Films films)
{
    [Theory]
    [InlineData(EncryptionScheme.Cbcs, TrackKind.Video)]
    [InlineData(EncryptionScheme.Cbcs, TrackKind.Audio)]
    [InlineData(EncryptionScheme.Cenc, TrackKind.Video)]
    [InlineData(EncryptionScheme.Cenc, TrackKind.Audio)]
    public async Task File_DecryptedByShakaPackager_HasTheSourcesFrames(EncryptionScheme scheme, TrackKind kind)
    {
        ContentKey[] keys = [.. Enumerable.Range(1, 3).Select(id => new ContentKey((UInt128)id, [.. EncryptedFile.Key.Select(part => (byte)(part + id))]))];
        using var file = await EncryptedFile.OfAsync(films.BFrames, kind, new EncryptionSettings { Scheme = scheme, Keys = [.. keys], SegmentsPerKey = 1 });
        Assert.Equal([1, 2, 3], file.Rendition.Encryption!.Periods.Select(period => (int)period.KeyId));
        var header = SystemHeader.Read(file.Rendition.Encryption.SystemHeaders.Single().AsSpan());
        Assert.Equal(3, header.KeyIdCount);

        var clear = file.Combine("clear.mp4");
        await ShakaPackager.RunAsync(
            $"in={file.Path},stream={(kind == TrackKind.Video ? "video" : "audio")},output={clear}", "--enable_raw_key_decryption",
            "--keys", string.Join(',', keys.Select(key => $"label={key.Id}:key_id={key.Id:x32}:key={Convert.ToHexStringLower(key.Key)}")));
        var source = file.Combine("source.mp4");
        await PackagedFilm.PackageAsync(films.BFrames, source, new CmafSettings { Id = "x", Kind = kind, SegmentDuration = TimeSpan.FromSeconds(4) });
        var stream = kind == TrackKind.Video ? "v:0" : "a:0";
        Assert.Equal(await FrameHashes.OfAsync(source, stream), await FrameHashes.OfAsync(clear, stream));
        foreach (var key in keys)
            key.Dispose();
    }

    [Fact]
    public async Task Keys_FewerThanPeriods_ServeAgain()
    {
        using var first = new ContentKey(1, EncryptedFile.Key);
        using var second = new ContentKey(2, EncryptedFile.Key);
        using var file = await EncryptedFile.OfAsync(
            films.BFrames, TrackKind.Video, new EncryptionSettings { Scheme = EncryptionScheme.Cenc, Keys = [first, second], SegmentsPerKey = 1 });
        Assert.Equal([1, 2, 1], file.Rendition.Encryption!.Periods.Select(period => (int)period.KeyId));

        // The counter's vectors never come again, whatever the key.
        var rows = (await ProtectedBytes.ReadAsync(file.Path)).Rows;
        Assert.Equal(rows.Count, rows.Select(row => row.Split(':')[0]).Distinct().Count());
    }

    [Fact]
    public async Task File_Encrypted_IsLaidOutAsTheModelSays()
    {
        using var file = await EncryptedFile.OfAsync(films.BFrames, TrackKind.Video, EncryptionScheme.Cbcs);
        await using var stream = File.OpenRead(file.Path);
        var read = await CmafTrackFile.ReadAsync(stream, CancellationToken.None);
        Assert.Equal(file.Rendition.Segments.AsEnumerable(), read.Segments);
        Assert.Equal(file.Rendition.SegmentIndex, read.SegmentIndex);
        Assert.Equal(stream.Length, file.Rendition.FileSize);
        foreach (var point in file.Rendition.AccessPoints)
        {
            var moof = new byte[8];
            stream.Position = point.Offset;
            await stream.ReadExactlyAsync(moof);
            Assert.Equal(BoxType.Moof, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(moof.AsSpan(4)));
        }
    }
}
