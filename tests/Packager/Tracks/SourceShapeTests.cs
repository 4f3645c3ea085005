using System.Text;
using Movento.Harness;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Tests.Tracks;

/// <summary>The ways in which writers lay out the same packets: what is read from each is the same.</summary>
[Collection(nameof(Films))]
public sealed class SourceShapeTests(Films films)
{
    [Theory]
    [InlineData("frag_keyframe+empty_moov+default_base_moof")]
    [InlineData("frag_keyframe+empty_moov")] // base-data-offset in every tfhd
    [InlineData("frag_keyframe+empty_moov+omit_tfhd_offset")] // the second track's data follows that of the first
    [InlineData("frag_keyframe+empty_moov+separate_moof")]
    [InlineData("frag_keyframe")] // the first packets in the moov, the others in fragments
    [InlineData("frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets")]
    [InlineData("frag_keyframe+empty_moov+default_base_moof+dash+global_sidx")]
    public async Task Fragments_HoweverTheyPointToTheirData_HaveTheSourcesSamples(string flags)
    {
        using var folder = new TemporaryFolder();
        var fragmented = folder.Combine("fragmented.mp4");
        await Tool.OutputAsync("ffmpeg", "-v", "error", "-i", films.BFrames, "-c", "copy", "-movflags", flags, fragmented);
        await AssertSameSamplesAsync(fragmented, TrackKind.Video);
        await AssertSameSamplesAsync(fragmented, TrackKind.Audio);
    }

    [Fact]
    public async Task Fragment_WithSeveralRuns_HasTheirSamplesInOrder()
    {
        using var file = new BoxWriter();
        await WriteHeaderAsync(file);
        var moof = file.Begin(BoxType.Moof);
        new Mfhd(1).Write(file);
        var traf = file.Begin(BoxType.Traf);
        new Tfhd(TrackId: 1, null, null, SampleDuration: 512, null, SampleFlags.Sync, DefaultBaseIsMoof: true).Write(file);
        new Tfdt(5120).Write(file);
        int[] dataOffsets = [1000, 0, 2000];
        foreach (var (index, dataOffset) in dataOffsets.Index())
        {
            // The second run has no data offset: its samples follow those of the first.
            var trun = file.BeginFull(BoxType.Trun, 0, (uint)(TrunFields.SampleSize | (index == 1 ? 0 : TrunFields.DataOffset)));
            file.WriteUInt32(2);
            if (index != 1)
                file.WriteInt32(dataOffset);
            file.WriteUInt32(10);
            file.WriteUInt32(20);
            file.End(trun);
        }

        file.End(traf);
        file.End(moof);
        var mdat = file.Begin(BoxType.Mdat);
        file.WriteZeros(4000);
        file.End(mdat);
        using var track = await SourceFile.ReadTrackAsync(new MemoryStream(file.Written.ToArray()), TrackKind.Video, null, CancellationToken.None);
        Assert.Equal([1000, 1010, 1030, 1040, 2000, 2010], track.Samples.Span.ToArray().Select(sample => sample.Offset - moof));
        Assert.Equal((5120, 5120 + 6 * 512), (track.FirstDecodeTime, track.EndDecodeTime));
    }

    [Fact]
    public async Task Fragments_WithoutDecodeTimes_FollowOneAnother()
    {
        using var source = await PatchedAsync(films.Fragmented, "tfdt", "free");
        using var expected = await ReadAsync(films.Fragmented, TrackKind.Video);
        using var actual = await SourceFile.ReadTrackAsync(source, TrackKind.Video, null, CancellationToken.None);
        Assert.Equal(expected.EndDecodeTime, actual.EndDecodeTime);
        Assert.Equal(250, actual.Samples.Count);
    }

    [Theory]
    [InlineData(nameof(Films.BFrames), 5)]
    [InlineData(nameof(Films.Hevc), 2)]
    [InlineData(nameof(Films.Av1), 2)]
    [InlineData(nameof(Films.Vp9), 2)]
    public async Task Pictures_WithoutAListOfSyncSamples_AreAskedThemselves(string name, int groups)
    {
        var path = name switch
        {
            nameof(Films.BFrames) => films.BFrames,
            nameof(Films.Hevc) => films.Hevc,
            nameof(Films.Av1) => films.Av1,
            _ => films.Vp9,
        };
        using var source = await PatchedAsync(path, "stss", "free");
        using var expected = await ReadAsync(path, TrackKind.Video);
        using var actual = await SourceFile.ReadTrackAsync(source, TrackKind.Video, null, CancellationToken.None);
        Assert.Equal(groups, actual.Samples.Span.ToArray().Count(sample => sample.IsSync));
        Assert.Equal(expected.Samples.Span.ToArray().Select(sample => sample.IsSync), actual.Samples.Span.ToArray().Select(sample => sample.IsSync));
    }

    [Fact]
    public void EditList_OfGapsAroundOneStretch_IsThatStretch()
    {
        using var writer = new BoxWriter();
        Elst.Write(writer, new Edit(500, -1, Edit.NormalRate), new Edit(250, -1, Edit.NormalRate), new Edit(2000, 1024, Edit.NormalRate), new Edit(100, -1, Edit.NormalRate));
        Assert.Equal(new SourceEdit(Delay: 36_000, MediaTime: 1024, Duration: 96_000, Tolerance: 49), Read(writer));
    }

    [Fact]
    public void EditList_OfTwoStretches_IsRefusedByName()
    {
        using var writer = new BoxWriter();
        Elst.Write(writer, new Edit(500, 0, Edit.NormalRate), new Edit(250, 96_000, Edit.NormalRate));
        var error = Assert.Throws<MediaFormatException>(() => Read(writer));
        Assert.Equal(MediaFormatError.Unsupported, error.Error);
        Assert.Contains("more than one stretch", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "5a70", new[] { 5u, 10u, 7u })]
    [InlineData(8, "05ff07", new[] { 5u, 255u, 7u })]
    [InlineData(16, "0005ffff0007", new[] { 5u, 65535u, 7u })]
    public void CompactSampleSizes_OfAnyWidth_AreRead(byte width, string hex, uint[] sizes)
    {
        using var writer = new BoxWriter();
        var box = writer.BeginFull(BoxType.Stz2, 0, 0);
        writer.WriteZeros(3);
        writer.WriteUInt8(width);
        writer.WriteUInt32(3);
        writer.WriteBytes(Convert.FromHexString(hex));
        writer.End(box);
        Assert.True(new BoxReader(writer.Written.Span).TryReadBox(out var stz2));
        var table = Stsz.Read(ref stz2);
        uint[] read = [table[0], table[1], table[2]];
        Assert.Equal(sizes, read);
    }

    [Fact]
    public async Task Track_ThatCannotBePackaged_SaysWhichOneAndWhere()
    {
        // Without its first key frame.
        using var folder = new TemporaryFolder();
        var film = folder.Combine("film.mp4");
        await Tool.OutputAsync("ffmpeg", "-v", "error", "-i", films.BFrames, "-map", "0:a", "-map", "0:v", "-c", "copy", film);
        var bytes = await File.ReadAllBytesAsync(film);
        bytes[bytes.AsSpan().IndexOf("stss"u8) + 4 + 4 + 4 + 3] = 2; // the first sync sample is the second picture
        var outline = await SourceFile.ReadOutlineAsync(new MemoryStream(bytes), CancellationToken.None);
        var refusal = outline.Tracks[1].Refusal!;
        Assert.Equal((MediaFormatError.Unsupported, "moov/trak[1]"), (refusal.Error, refusal.Path));
        Assert.InRange(refusal.Offset, 1, bytes.Length);
    }

    [Fact]
    public async Task SampleEntries_MoreThanOne_AreRefusedByName()
    {
        // The count of the first stsd, whose one entry is avc1.
        var bytes = await File.ReadAllBytesAsync(films.BFrames);
        var stsd = bytes.AsSpan().IndexOf("stsd"u8);
        bytes[stsd + 11] = 2;
        var error = await Assert.ThrowsAsync<MediaFormatException>(
            () => SourceFile.ReadTrackAsync(new MemoryStream(bytes), TrackKind.Video, null, CancellationToken.None));
        Assert.Equal((MediaFormatError.Unsupported, "moov/trak/mdia/minf/stbl/stsd"), (error.Error, error.Path));
        Assert.Contains("2 sample entries", error.Message, StringComparison.Ordinal);
        Assert.Equal(stsd + 12, error.Offset);
    }

    [Fact]
    public async Task Track_ByItsId_IsThatOne()
    {
        using var folder = new TemporaryFolder();
        var film = folder.Combine("two.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-i", films.Opus, "-i", films.Ac3, "-map", "0:a", "-map", "1:a", "-c", "copy", film);
        await using var source = File.OpenRead(film);
        using var second = await SourceFile.ReadTrackAsync(source, TrackKind.Audio, 2, CancellationToken.None);
        Assert.Equal("ac-3", second.Entry!.Codecs);
        var error = await Assert.ThrowsAsync<MediaFormatException>(() => SourceFile.ReadTrackAsync(source, TrackKind.Audio, 3, CancellationToken.None));
        Assert.Equal(MediaFormatError.Missing, error.Error);
    }

    private static SourceEdit Read(BoxWriter elst)
    {
        new BoxReader(elst.Written.Span).TryReadBox(out var box);
        return SourceEdit.Read(ref box, movieTimescale: 1000, mediaTimescale: 48000);
    }

    // ftyp and moov of a fragmented film.
    private async Task WriteHeaderAsync(BoxWriter writer)
    {
        var bytes = await File.ReadAllBytesAsync(films.Fragmented);
        writer.WriteBytes(bytes.AsSpan(0, bytes.AsSpan().IndexOf("moof"u8) - 4));
    }

    // Each sample's bytes and duration, from the source and from the other file.
    private async Task AssertSameSamplesAsync(string path, TrackKind kind)
    {
        Assert.Equal(await SamplesAsync(films.BFrames, kind), await SamplesAsync(path, kind));
    }

    private static async Task<List<(string Bytes, bool IsSync)>> SamplesAsync(string path, TrackKind kind)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        using var track = await ReadAsync(path, kind);
        var samples = new List<(string, bool)>();
        foreach (ref var sample in track.Samples.Span)
            samples.Add((Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes.AsSpan((int)sample.Offset, (int)sample.Size))), sample.IsSync));
        return samples;
    }

    private static async Task<SourceTrack> ReadAsync(string path, TrackKind kind)
    {
        await using var source = File.OpenRead(path);
        return await SourceFile.ReadTrackAsync(source, kind, null, CancellationToken.None);
    }

    private static async Task<MemoryStream> PatchedAsync(string path, string from, string to)
    {
        var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path));
        return new MemoryStream(Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
    }
}
