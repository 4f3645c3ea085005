using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;
using Movento.Packager.Tracks;

namespace Movento.Packager.Tests.Cmaf;

/// <summary>What is given out of a track while it grows is what the whole track's file has, byte for byte.</summary>
[Collection(nameof(Films))]
public sealed class GrowingTrackTests(Films films) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CmafSettings Video => new() { Id = "v", Kind = TrackKind.Video };

    private static CmafSettings Audio => new() { Id = "a", Kind = TrackKind.Audio };

    [Fact]
    public async Task Pictures_ChunkByChunk_AreTheWholeFilesBytes()
    {
        var chunks = await CutAsync();
        using var track = new GrowingTrack(Video);

        var given = new List<GrownSegment>();
        for (var index = 0; index < chunks.Count; index++)
        {
            given.AddRange(await AppendAsync(track, chunks, index));
            // The last segment waits for what follows it.
            Assert.Equal(index + (index == chunks.Count - 1 ? 1 : 0), given.Count);
        }

        Assert.Equal([0, 51200, 102400], given.Select(segment => segment.Start));
        Assert.Equal([51200, 51200, 25600], given.Select(segment => segment.Duration));
        var (whole, rendition) = await PackageWholeAsync(track.CompositionDelay);
        AssertSame(whole, rendition, track, given);
        Assert.True(track.CompositionDelay > 0);
    }

    [Fact]
    public async Task Pictures_WithTooShortADelay_StillAreShownWhenTheyAreDue()
    {
        var chunks = await CutAsync();
        using var track = new GrowingTrack(Video with { CompositionDelay = 0 });
        var given = new List<GrownSegment>();
        for (var index = 0; index < chunks.Count; index++)
            given.AddRange(await AppendAsync(track, chunks, index));

        var path = await JoinAsync(track, given);

        var times = await Tool.OutputAsync("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "frame=pts", "-of", "csv=p=0", path);
        Assert.Equal(250, times.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        AssertSame(await PackageWholeAsync(0), track, given);
    }

    [Fact]
    public async Task Pictures_ResumedElsewhere_GoOnWithTheSameBytes()
    {
        var chunks = await CutAsync();
        using var first = new GrowingTrack(Video);
        var given = await AppendAsync(first, chunks, 0);
        given.AddRange(await AppendAsync(first, chunks, 1));

        // The chunk that the last segment waits in is fed again.
        using var second = new GrowingTrack(Video, first.State);
        given.AddRange(await AppendAsync(second, chunks, 1));
        given.AddRange(await AppendAsync(second, chunks, 2));

        Assert.Equal([1, 2, 3], given.Select(segment => segment.Number));
        AssertSame(await PackageWholeAsync(first.CompositionDelay), second, given);
    }

    [Theory]
    [InlineData(EncryptionScheme.Aes128, 0)]
    [InlineData(EncryptionScheme.Aes128, 1)]
    [InlineData(EncryptionScheme.Cbcs, 0)]
    [InlineData(EncryptionScheme.Cbcs, 2)]
    [InlineData(EncryptionScheme.Cenc, 0)]
    [InlineData(EncryptionScheme.Cenc, 1)]
    public async Task Pictures_Encrypted_AreTheWholeFilesBytes_AlsoResumedElsewhere(EncryptionScheme scheme, int segmentsPerKey)
    {
        var chunks = await CutAsync();
        // More keys than there are periods: a film may be shorter than was thought, and its header names all of them from the beginning.
        using var keys = new Keys(scheme, segmentsPerKey);
        var settings = Video with { Encryption = keys.Settings };
        using var first = new GrowingTrack(settings);
        var given = await AppendAsync(first, chunks, 0);
        given.AddRange(await AppendAsync(first, chunks, 1));
        using var second = new GrowingTrack(settings, first.State);
        given.AddRange(await AppendAsync(second, chunks, 1));
        given.AddRange(await AppendAsync(second, chunks, 2));

        var whole = await PackageWholeAsync(first.CompositionDelay, keys.Settings);
        AssertSame(whole, second, given);
        Assert.Equal(whole.Rendition.Encryption!.Periods.AsEnumerable(), second.State!.Rendition.Encryption!.Periods);
        // Until then it tells of the keys that are needed for what can be played.
        Assert.Single(first.State!.Rendition.Encryption!.Periods);
        var (clear, plain) = await PackageWholeAsync(first.CompositionDelay);
        Assert.False(clear.AsSpan((int)plain.Segments[0].Offset, (int)plain.Segments[0].Size).SequenceEqual(given[0].Bytes.Span));
    }

    [Fact]
    public void Keys_WithoutVectors_AreRefused()
    {
        using var key = new ContentKey(1, new byte[ContentKey.Size]);

        Assert.Throws<ArgumentException>(() => new GrowingTrack(Video with { Encryption = new EncryptionSettings { Scheme = EncryptionScheme.Cenc, Keys = [key] } }));
    }

    [Fact]
    public async Task Pictures_OfAnotherSize_AreRefused()
    {
        var chunks = await CutAsync();
        using var track = new GrowingTrack(Video);
        await AppendAsync(track, chunks, 0);
        await using var other = File.OpenRead(films.Hlg);

        var refusal = await Assert.ThrowsAsync<MediaFormatException>(async () => await track.AppendChunkAsync(other, TimeSpan.FromSeconds(4), false).ToListAsync());

        Assert.Equal(MediaFormatError.Invalid, refusal.Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4001)]
    [InlineData(1 << 20)]
    public async Task Sound_HoweverItGrows_IsTheWholeFilesBytes(int step)
    {
        var source = await File.ReadAllBytesAsync(await SoundAsync());
        using var track = new GrowingTrack(Audio);
        var given = new List<GrownSegment>();
        // A byte at a time only where boxes begin: reading the file anew for each of them takes too long.
        var lengths = step == 1 ? Enumerable.Range(1, 2000) : Enumerable.Range(1, source.Length / step).Select(count => count * step);
        foreach (var length in lengths.Where(length => length < source.Length))
        {
            using var file = new MemoryStream(source, 0, length, writable: false);
            given.AddRange(await track.AppendAsync(file, isWhole: false).ToListAsync());
        }

        using var whole = new MemoryStream(source, writable: false);
        given.AddRange(await track.AppendAsync(whole, isWhole: true).ToListAsync());

        Assert.Equal(3, given.Count);
        using var output = new MemoryStream();
        var rendition = await CmafPackager.PackageAsync(whole, output, Audio with { CompositionDelay = 0 }, CancellationToken.None);
        AssertSame(output.ToArray(), rendition, track, given);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(EncryptionScheme.Aes128)]
    [InlineData(EncryptionScheme.Cbcs)]
    [InlineData(EncryptionScheme.Cenc)]
    public async Task Sound_ResumedElsewhere_GoesOnWithTheSameBytes(EncryptionScheme? scheme)
    {
        using var keys = scheme is null ? null : new Keys(scheme.Value, segmentsPerKey: 1);
        var settings = Audio with { Encryption = keys?.Settings };
        var source = await File.ReadAllBytesAsync(await SoundAsync());
        using var first = new GrowingTrack(settings);
        using var half = new MemoryStream(source, 0, source.Length * 6 / 10, writable: false);
        var given = await first.AppendAsync(half, isWhole: false).ToListAsync();
        Assert.NotEmpty(given);

        using var second = new GrowingTrack(settings, first.State);
        using var whole = new MemoryStream(source, writable: false);
        given.AddRange(await second.AppendAsync(whole, isWhole: true).ToListAsync());

        using var output = new MemoryStream();
        var rendition = await CmafPackager.PackageAsync(whole, output, settings with { CompositionDelay = 0 }, CancellationToken.None);
        AssertSame(output.ToArray(), rendition, second, given);
    }

    public void Dispose() => _folder.Dispose();

    // 4 s, 4 s and 2 s, each with times of its own from zero.
    private async Task<List<string>> CutAsync()
    {
        var chunks = new List<string>();
        foreach (var (start, frames) in ((string, string)[])[("0", "100"), ("4", "100"), ("8", "50")])
        {
            chunks.Add(_folder.Combine($"chunk{start}.mp4"));
            await Tool.OutputAsync(
                "ffmpeg", "-v", "error", "-nostdin", "-y", "-ss", start, "-i", films.BFrames, "-map", "0:v", "-c", "copy", "-frames:v", frames, chunks[^1]);
        }

        return chunks;
    }

    private async Task<string> SoundAsync()
    {
        var path = _folder.Combine("sound.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-i", films.BFrames, "-map", "0:a", "-c:a", "aac", "-f", "mp4",
            "-movflags", "+delay_moov+default_base_moof", "-frag_duration", "1500000", path);
        return path;
    }

    private static async Task<List<GrownSegment>> AppendAsync(GrowingTrack track, List<string> chunks, int index)
    {
        await using var chunk = File.OpenRead(chunks[index]);
        return await track.AppendChunkAsync(chunk, TimeSpan.FromSeconds(4 * index), isLast: index == chunks.Count - 1).ToListAsync();
    }

    private async Task<(byte[] File, Rendition Rendition)> PackageWholeAsync(long delay, EncryptionSettings? encryption = null)
    {
        var chunks = Directory.GetFiles(_folder.Combine(""), "chunk*.mp4").Order().Select((path, index) => new TrackChunk(path, TimeSpan.FromSeconds(4 * index)));
        using var output = new MemoryStream();
        var rendition = await CmafPackager.PackageAsync([.. chunks], output, Video with { CompositionDelay = delay, Encryption = encryption }, CancellationToken.None);
        return (output.ToArray(), rendition);
    }

    private async Task<string> JoinAsync(GrowingTrack track, List<GrownSegment> given)
    {
        var path = _folder.Combine("joined.mp4");
        await using var file = File.Create(path);
        await file.WriteAsync(track.Header);
        foreach (var segment in given)
            await file.WriteAsync(segment.Bytes);
        return path;
    }

    private static void AssertSame((byte[] File, Rendition Rendition) whole, GrowingTrack track, List<GrownSegment> given) =>
        AssertSame(whole.File, whole.Rendition, track, given);

    private static void AssertSame(byte[] file, Rendition whole, GrowingTrack track, List<GrownSegment> given)
    {
        var grown = track.State!.Rendition;
        Assert.Equal(file.AsSpan(0, (int)whole.Initialization.Size).ToArray(), track.Header.ToArray());
        Assert.Equal(whole.Segments.Length, given.Count);
        for (var index = 0; index < given.Count; index++)
        {
            var segment = whole.Segments[index];
            Assert.Equal((index + 1, segment.Start, segment.Duration), (given[index].Number, given[index].Start, given[index].Duration));
            Assert.True(file.AsSpan((int)segment.Offset, (int)segment.Size).SequenceEqual(given[index].Bytes.Span), $"Segment {index + 1} has other bytes.");
        }

        Assert.Equal(
            (whole.Codecs, whole.Timescale, whole.SampleCount, whole.Audio, whole.Video, whole.End),
            (grown.Codecs, grown.Timescale, grown.SampleCount, grown.Audio, grown.Video, grown.End));
    }

    private sealed class Keys(EncryptionScheme scheme, int segmentsPerKey) : IDisposable
    {
        public EncryptionSettings Settings { get; } = new()
        {
            Scheme = scheme,
            SegmentsPerKey = segmentsPerKey,
            Keys = [.. Enumerable.Range(1, 4).Select(number => new ContentKey((UInt128)number, Enumerable.Repeat((byte)number, ContentKey.Size).ToArray(), new UInt128((ulong)number << 32, 7)))],
        };

        public void Dispose()
        {
            foreach (var key in Settings.Keys) key.Dispose();
        }
    }
}
