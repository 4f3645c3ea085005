using Movento.Packager.Tracks;
using Int128 = System.Int128;

namespace Movento.Packager.Subtitles;

/// <summary>Reads the cues of an MP4's text track, sample by sample.</summary>
internal static class TextTrackReader
{
    // Of tx3g a text has 65535 bytes at most; some styles come after it. A wvtt sample has a few cues.
    private const int MaxSampleSize = 1 << 20;

    /// <summary>Reads a track whose headers were read.</summary>
    /// <exception cref="MediaFormatException">A sample is broken, or there are more than <see cref="SubtitleLimits"/> allow.</exception>
    public static async Task<SubtitleTrack> ReadAsync(SourceTrack track, Stream source, CancellationToken cancellationToken)
    {
        var total = 0L;
        var largest = 0u;
        for (var index = 0; index < track.Samples.Count; index++)
        {
            total += track.Samples[index].Size;
            largest = Math.Max(largest, track.Samples[index].Size);
            if (largest > MaxSampleSize || total > SubtitleLimits.MaxSize)
                throw new MediaFormatException(MediaFormatError.TooLarge, "mdat", track.Samples[index].Offset, $"Sample {index + 1} has {track.Samples[index].Size} bytes, all so far {total}; at most {MaxSampleSize} and {SubtitleLimits.MaxSize} are read.");
        }

        ITextSampleReader reader = track.Entry!.Codecs == "wvtt" ? new WebVttSampleReader(track.Entry.Box.AsSpan()) : new TimedTextSampleReader(track.Entry.Box.AsSpan());
        var buffer = new byte[largest];
        var time = track.FirstDecodeTime;
        for (var index = 0; index < track.Samples.Count; index++)
        {
            var sample = track.Samples[index];
            source.Position = sample.Offset;
            await source.ReadExactlyAsync(buffer.AsMemory(0, (int)sample.Size), cancellationToken).ConfigureAwait(false);
            var (start, end) = Shown(track, time + sample.CompositionOffset, sample.Duration);
            reader.Read(buffer.AsSpan(0, (int)sample.Size), sample.Offset, start, end);
            time += sample.Duration;
        }

        return reader.ToTrack();
    }

    // The edit list's stretch of the media, in milliseconds of the presentation; a sample outside of it ends when it begins.
    private static (long Start, long End) Shown(SourceTrack track, long time, uint duration)
    {
        var mediaTime = track.Edit.MediaTime ?? 0;
        var end = track.Edit.Duration is { } shown ? Math.Min(time + duration, mediaTime + shown) : time + duration;
        return (Milliseconds(track, Math.Max(time, mediaTime) - mediaTime), Milliseconds(track, Math.Max(end, mediaTime) - mediaTime));
    }

    private static long Milliseconds(SourceTrack track, long sinceStart) => (long)Int128.Min(
        ((Int128)(sinceStart + track.Edit.Delay) * 1000 + track.Media.Timescale / 2) / track.Media.Timescale,
        SubtitleLimits.MaxTime.Ticks / TimeSpan.TicksPerMillisecond);
}

/// <summary>Takes the samples of a text track one after another.</summary>
internal interface ITextSampleReader
{
    /// <summary>Takes one sample.</summary>
    /// <param name="sample">Its bytes.</param>
    /// <param name="offset">Of its first byte in the file.</param>
    /// <param name="start">When it is shown, in milliseconds.</param>
    /// <param name="end">Until when, in milliseconds.</param>
    void Read(ReadOnlySpan<byte> sample, long offset, long start, long end);

    /// <summary>All cues.</summary>
    SubtitleTrack ToTrack();
}
