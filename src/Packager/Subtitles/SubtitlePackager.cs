using System.Runtime.InteropServices;
using Movento.Packager.Cmaf;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Subtitles;

/// <summary>Turns subtitles into everything that players want of them: a CMAF track, WebVTT in segments, and WebVTT in one file.</summary>
public static class SubtitlePackager
{
    // Milliseconds: what WebVTT's own times have.
    private const uint Timescale = 1000;

    /// <summary>
    /// Writes <paramref name="subtitles"/> in all three forms.
    /// <list type="number">
    /// <item>Fit the cues into the presentation.</item>
    /// <item>Cut time at every change of what is shown and at every segment's border; each piece is a sample.</item>
    /// <item>Write the samples as a CMAF track file with one sidx.</item>
    /// <item>Write each segment's WebVTT text, then the one with all cues.</item>
    /// </list>
    /// </summary>
    /// <returns>The rendition, everything in it measured from the bytes written.</returns>
    /// <exception cref="MediaFormatException">More is shown at once, or comes out, than <see cref="SubtitleLimits"/> allow; what was written then is of no use.</exception>
    public static async Task<Rendition> PackageAsync(
        SubtitleTrack subtitles, SubtitleSettings settings, SubtitleOutputs outputs, CancellationToken cancellationToken)
    {
        if (settings.Duration <= TimeSpan.Zero || settings.Duration > SubtitleLimits.MaxTime)
            throw new ArgumentException($"The presentation's duration {settings.Duration} is not above zero and at most {SubtitleLimits.MaxTime}.");
        if (settings.SegmentDuration < TimeSpan.FromMilliseconds(1))
            throw new ArgumentException("The segment duration is below a millisecond.");

        var cmaf = new CmafSettings
        {
            Id = settings.Id,
            Kind = TrackKind.Text,
            SegmentDuration = settings.SegmentDuration,
            Language = settings.Language,
            Name = settings.Name,
            IsDefault = settings.IsDefault,
            Role = settings.Role,
        };
        cmaf.ThrowIfInvalid();

        // :: Step 1 — fit
        var timeline = CueTimeline.Of(subtitles, settings);

        // :: Step 2 — cut
        using var track = new SourceTrack(long.MaxValue)
        {
            Header = new Tkhd(HeaderWriter.TrackId, 0, 0, Matrix.Identity, 0, 0),
            Media = new Mdhd(Timescale, 0, Mdhd.Undetermined),
            Entry = new SampleEntry { Codecs = "wvtt", Box = WebVttSample.Entry(timeline.Blocks, settings.Id) },
        };
        using var samples = new BoxWriter(64 << 10);
        WebVttSample.WriteAll(timeline, track.Samples, samples);

        // :: Step 3 — the track
        MemoryMarshal.TryGetArray(samples.Written, out var bytes);
        using var source = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        var rendition = await CmafPackager.WriteAsync(track, source, outputs.Track, cmaf, progress: null, cancellationToken).ConfigureAwait(false);

        // :: Step 4 — the texts
        var sizes = await WebVttWriter.WriteSegmentsAsync(timeline, outputs.Segments, cancellationToken).ConfigureAwait(false);
        await WebVttWriter.WriteAsync(timeline, outputs.Sidecar, cancellationToken).ConfigureAwait(false);
        return rendition with { TextSegmentSizes = sizes };
    }
}
