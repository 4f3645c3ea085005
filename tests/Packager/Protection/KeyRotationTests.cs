using System.Buffers.Binary;
using Movento.Packager.Cmaf;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Packager.Tests.Protection;

/// <summary>A key for each segment.</summary>
[Collection(nameof(Films))]
public sealed class KeyRotationTests(Films films)
{
    // ffmpeg and Shaka Packager know no seig: each segment is shown to ffmpeg alone, with its own key. That players find the keys by themselves
    // is seen in tests/Browser.
    [Theory]
    [InlineData(EncryptionScheme.Cbcs)]
    [InlineData(EncryptionScheme.Cenc)]
    public async Task Segments_EachWithItsKey_HaveTheSourcesFrames(EncryptionScheme scheme)
    {
        ContentKey[] keys = [.. Enumerable.Range(1, 3).Select(id => new ContentKey((UInt128)id, [.. EncryptedFile.Key.Select(part => (byte)(part + id))], EncryptedFile.Vector))];
        using var file = await EncryptedFile.OfAsync(
            films.BFrames, TrackKind.Video, new EncryptionSettings { Scheme = scheme, Keys = [.. keys], SegmentsPerKey = 1 });
        Assert.Equal([1, 2, 3], file.Rendition.Encryption!.Periods.Select(period => (int)period.KeyId));
        var bytes = await File.ReadAllBytesAsync(file.Path);
        var frames = new List<string>();
        foreach (var (segment, key) in file.Rendition.Segments.Zip(keys))
        {
            var path = file.Combine("segment.mp4");
            await File.WriteAllBytesAsync(
                path, [.. bytes.AsSpan(0, (int)file.Rendition.Initialization.Size), .. bytes.AsSpan((int)segment.Offset, (int)segment.Size)]);
            frames.AddRange(await FrameHashes.OfAsync(path, "v:0", "-decryption_key", Convert.ToHexStringLower(key.Key)));
            key.Dispose();
        }

        Assert.Equal(await FrameHashes.OfAsync(films.BFrames, "v:0"), frames);
    }

    [Theory]
    [InlineData(EncryptionScheme.Cbcs, TrackKind.Video)]
    [InlineData(EncryptionScheme.Cbcs, TrackKind.Audio)]
    [InlineData(EncryptionScheme.Cenc, TrackKind.Audio)]
    public async Task Fragments_OfLaterKeys_NameThemInSeig(EncryptionScheme scheme, TrackKind kind)
    {
        using var first = new ContentKey(1, EncryptedFile.Key);
        using var second = new ContentKey(2, EncryptedFile.Key, EncryptedFile.Vector);
        using var file = await EncryptedFile.OfAsync(
            films.BFrames, kind, new EncryptionSettings { Scheme = scheme, Keys = [first, second], SegmentsPerKey = 2 });
        var header = SystemHeader.Read(file.Rendition.Encryption!.SystemHeaders.Single().AsSpan());
        Assert.Equal((2, (UInt128)1, (UInt128)2), (header.KeyIdCount, header.KeyId(0), header.KeyId(1)));
        Assert.Equal(SystemHeader.CommonSystemId, header.SystemId);

        var bytes = await File.ReadAllBytesAsync(file.Path);
        for (var segment = 0; segment < 3; segment++)
        {
            var traf = new BoxReader(bytes.AsSpan((int)file.Rendition.Segments[segment].Offset)).Find(BoxType.Moof).Find(BoxType.Traf);
            var hasGroup = traf.TryFind(BoxType.Sgpd, out var sgpd);
            Assert.Equal(segment == 2, hasGroup);
            if (!hasGroup)
                continue;
            sgpd.Skip(4 + 4 + 4 + 4 + 4); // version, 'seig', length, count; reserved, pattern, isProtected, vector size
            Assert.Equal(2, BinaryPrimitives.ReadInt128BigEndian(sgpd.ReadBytes(16)));
            if (scheme == EncryptionScheme.Cbcs)
            {
                Assert.Equal(16, sgpd.ReadUInt8());
                Assert.Equal(EncryptedFile.Vector, BinaryPrimitives.ReadUInt128BigEndian(sgpd.ReadBytes(16)));
            }
        }
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
            Assert.Equal(BoxType.Moof, BinaryPrimitives.ReadUInt32BigEndian(moof.AsSpan(4)));
        }
    }
}
