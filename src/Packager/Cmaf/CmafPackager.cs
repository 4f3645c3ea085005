using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>Turns one track of an MP4 file into one CMAF file with one sidx.</summary>
public static class CmafPackager
{
    /// <summary>
    /// Reads the track that <paramref name="settings"/> name from <paramref name="source"/> (progressive or fragmented MP4,
    /// seekable) and writes a CMAF track file to <paramref name="destination"/>, front to back.
    /// <list type="number">
    /// <item>Read the headers: every sample's place, size and times.</item>
    /// <item>Resolve the edit list and the stream access points.</item>
    /// <item>Cut fragments and segments.</item>
    /// <item>Measure every moof by writing it once into a scratch buffer: the index stands before what it indexes.</item>
    /// <item>Write the header and the index, then each fragment with its samples' bytes.</item>
    /// <item>Return what was written.</item>
    /// </list>
    /// </summary>
    /// <returns>The rendition, everything in it measured from the bytes written.</returns>
    /// <exception cref="MediaFormatException">The source is not an MP4 file that can be packaged; nothing was written then, unless the source changed meanwhile.</exception>
    public static Task<Rendition> PackageAsync(Stream source, Stream destination, CmafSettings settings, CancellationToken cancellationToken) =>
        PackageAsync(source, destination, settings, progress: null, cancellationToken);

    /// <inheritdoc cref="PackageAsync(Stream, Stream, CmafSettings, CancellationToken)"/>
    /// <param name="source">Read from; two of these may read from one file, but not from one stream.</param>
    /// <param name="destination">Written to from where it stands.</param>
    /// <param name="settings">What becomes of the track.</param>
    /// <param name="progress">Told how many more bytes were written, every now and then; or null.</param>
    public static async Task<Rendition> PackageAsync(
        Stream source, Stream destination, CmafSettings settings, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        settings.ThrowIfInvalid();
        if (settings.Kind is not (TrackKind.Video or TrackKind.Audio))
            throw new ArgumentException("Subtitles are packaged by SubtitlePackager, still pictures by StillPicturePackager.", nameof(settings));
        if (!source.CanSeek)
            throw new ArgumentException("The source cannot seek.", nameof(source));

        // :: Step 1 — read the headers
        using var track = await SourceFile.ReadTrackAsync(source, settings.Kind, settings.TrackId, cancellationToken).ConfigureAwait(false);

        return await WriteAsync(track, source, destination, settings, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// As <see cref="PackageAsync(Stream, Stream, CmafSettings, CancellationToken)"/>, for pictures that were encoded in chunks: one track file over all of them,
    /// with exact decode times at the joins.
    /// </summary>
    /// <param name="chunks">In order; every one begins with a sync sample and refers to no picture of another.</param>
    /// <param name="destination">Written to from where it stands.</param>
    /// <param name="settings">What becomes of the track; of kind <see cref="TrackKind.Video"/>.</param>
    /// <param name="cancellationToken">Stops the packaging.</param>
    /// <exception cref="MediaFormatException">A chunk cannot be packaged, is coded in another way than the first one, or reaches into the next one.</exception>
    public static async Task<Rendition> PackageAsync(
        IReadOnlyList<TrackChunk> chunks, Stream destination, CmafSettings settings, CancellationToken cancellationToken)
    {
        settings.ThrowIfInvalid();
        if (settings.Kind != TrackKind.Video)
            throw new ArgumentException("Only pictures are joined from chunks.", nameof(settings));
        ArgumentOutOfRangeException.ThrowIfZero(chunks.Count, nameof(chunks));
        await using var source = new JoinedSource([.. chunks.Select(chunk => chunk.Path)]);
        using var track = await JoinedTrack.ReadAsync(chunks, source, cancellationToken).ConfigureAwait(false);
        return await WriteAsync(track, source, destination, settings, progress: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Steps 2 to 6 for a track whose samples lie anywhere in <paramref name="source"/>: also for subtitles and still pictures, which have no MP4 file.</summary>
    internal static async Task<Rendition> WriteAsync(
        SourceTrack track, Stream source, Stream destination, CmafSettings settings, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        // :: Step 2 — the timeline
        var timeline = TrackTimeline.Resolve(track, settings.Kind, settings.CompositionDelay);

        // :: Step 3 — cut
        var fragments = FragmentPlan.Cut(track, timeline, settings);

        if (settings.Encryption is not null)
            return await EncryptingPackager.WriteAsync(source, destination, track, timeline, fragments, settings, progress, cancellationToken).ConfigureAwait(false);

        // :: Step 4 — measure
        using var scratch = new BoxWriter();
        var references = Measure(track, timeline, fragments, settings, scratch);

        // :: Step 5 — write
        scratch.Clear();
        HeaderWriter.Write(scratch, track, timeline, settings);
        var header = new ByteRange(0, scratch.Length);
        Sidx.Write(scratch, HeaderWriter.TrackId, track.Media.Timescale, timeline.Start, references);
        var index = new ByteRange(header.Size, scratch.Length - header.Size);
        using var copier = new SampleCopier(source, destination, progress);
        await copier.WriteAsync(scratch.Written, cancellationToken).ConfigureAwait(false);

        var hasPictures = settings.Kind is TrackKind.Video or TrackKind.Image;
        var segments = ImmutableArray.CreateBuilder<Segment>(references.Length);
        var accessPoints = ImmutableArray.CreateBuilder<AccessPoint>(hasPictures ? fragments.Count : 0);
        var position = index.Offset + index.Size;
        for (var number = 0; number < fragments.Count; number++)
        {
            var fragment = fragments[number];
            if (fragment.BeginsSegment)
                segments.Add(new Segment(position, 0, fragment.Start, references[segments.Count].Duration));
            scratch.Clear();
            var dataSize = FragmentWriter.Write(
                scratch, track.Samples.Span.Slice(fragment.First, fragment.Count), fragment.DecodeTime, timeline.CompositionShift, (uint)number + 1,
                FragmentShape.Of(track, settings.Kind));
            if (hasPictures)
                accessPoints.Add(new AccessPoint(position, scratch.Length + track.Samples[fragment.First].Size, fragment.Start, EndOf(fragments, number, timeline) - fragment.Start));
            await copier.WriteAsync(scratch.Written, cancellationToken).ConfigureAwait(false);
            await copier.CopyAsync(track.Samples, fragment.First, fragment.Count, cancellationToken).ConfigureAwait(false);
            position += scratch.Length + dataSize;
            segments[^1] = segments[^1] with { Size = position - segments[^1].Offset };
        }

        await copier.FlushAsync(cancellationToken).ConfigureAwait(false);

        // :: Step 6 — what was written
        return Describe(track, settings, header, index, segments.MoveToImmutable(), accessPoints.MoveToImmutable());
    }

    internal static Rendition Describe(
        SourceTrack track, CmafSettings settings, ByteRange header, ByteRange index, ImmutableArray<Segment> segments, ImmutableArray<AccessPoint> accessPoints) => new()
        {
            Id = settings.Id,
            Kind = settings.Kind,
            Codecs = track.Entry!.Codecs,
            SupplementalCodecs = track.Entry.SupplementalCodecs,
            Timescale = track.Media.Timescale,
            Initialization = header,
            SegmentIndex = index,
            Segments = segments,
            AccessPoints = accessPoints,
            SampleCount = track.Samples.Count,
            Language = settings.Language,
            Name = settings.Name,
            IsDefault = settings.IsDefault,
            Role = settings.Role,
            Score = settings.Score,
            Video = track.Entry.Video is { } video ? video with { FrameRate = MeasuredFrameRate.Of(track) } : null,
            Audio = track.Entry.Audio,
        };

    internal static long EndOf(List<FragmentPlan> fragments, int number, TrackTimeline timeline) =>
        number + 1 < fragments.Count ? fragments[number + 1].Start : timeline.End;

    private static SidxReference[] Measure(SourceTrack track, TrackTimeline timeline, List<FragmentPlan> fragments, CmafSettings settings, BoxWriter scratch)
    {
        var count = fragments.Count(fragment => fragment.BeginsSegment);
        if (count > Sidx.MaxReferences)
            throw new MediaFormatException(MediaFormatError.TooLarge, "sidx", 0, $"There are {count} segments; an index holds {Sidx.MaxReferences}.");

        var references = new SidxReference[count];
        var (segment, size, start) = (-1, 0L, 0L);
        for (var number = 0; number < fragments.Count; number++)
        {
            var fragment = fragments[number];
            if (fragment.BeginsSegment)
            {
                if (segment >= 0)
                    references[segment] = Reference(size, fragment.Start - start);
                (segment, size, start) = (segment + 1, 0, fragment.Start);
            }

            scratch.Clear();
            size += FragmentWriter.Write(
                scratch, track.Samples.Span.Slice(fragment.First, fragment.Count), fragment.DecodeTime, timeline.CompositionShift, (uint)number + 1,
                FragmentShape.Of(track, settings.Kind));
            size += scratch.Length;
        }

        references[segment] = Reference(size, timeline.End - start);
        return references;
    }

    internal static SidxReference Reference(long size, long duration)
    {
        if (size > Sidx.MaxReferencedSize || duration > uint.MaxValue)
            throw new MediaFormatException(MediaFormatError.TooLarge, "sidx", 0, $"A segment of {size} bytes and {duration} ticks does not fit an index.");
        if (duration <= 0)
            throw new MediaFormatException(MediaFormatError.Invalid, "sidx", 0, "A segment has no duration.");
        return new SidxReference(false, (uint)size, (uint)duration, true, 1);
    }
}
