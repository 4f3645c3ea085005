using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>Writes an encrypted CMAF file: steps 4 to 6 of <see cref="CmafPackager"/>.</summary>
internal static class EncryptingPackager
{
    /// <summary>
    /// <list type="number">
    /// <item>Write the header, with room for the index where there will be one.</item>
    /// <item>Write each fragment: its samples are read, described and encrypted. With AES-128 a segment as a whole is.</item>
    /// <item>Write the index into its room.</item>
    /// </list>
    /// </summary>
    public static async Task<Rendition> WriteAsync(
        Stream source, Stream destination, SourceTrack track, TrackTimeline timeline, List<FragmentPlan> fragments, CmafSettings settings,
        IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var scheme = settings.Encryption!.Scheme;
        var isWhole = scheme == EncryptionScheme.Aes128;
        var count = fragments.Count(fragment => fragment.BeginsSegment);
        if (count > Sidx.MaxReferences)
            throw new MediaFormatException(MediaFormatError.TooLarge, "sidx", 0, $"There are {count} segments; an index holds {Sidx.MaxReferences}.");
        if (!isWhole && !destination.CanSeek)
            throw new ArgumentException("The destination cannot seek: the index of an encrypted file is written last.", nameof(destination));
        using var keys = new KeySchedule(settings.Encryption, settings.Kind == TrackKind.Video);
        keys.PeriodsOf(count); // refused before a byte is written

        // :: Step 1 — the header
        using var scratch = new BoxWriter();
        HeaderWriter.Write(scratch, track, timeline, settings, keys);
        var header = new ByteRange(0, scratch.Length);
        var references = new SidxReference[count];
        if (!isWhole)
            Sidx.Write(scratch, HeaderWriter.TrackId, track.Media.Timescale, timeline.Start, references);
        var index = new ByteRange(header.Size, scratch.Length - header.Size);
        var begin = destination.CanSeek ? destination.Position : 0;
        await destination.WriteAsync(scratch.Written, cancellationToken).ConfigureAwait(false);

        // :: Step 2 — the fragments
        var segments = ImmutableArray.CreateBuilder<Segment>(count);
        var accessPoints = ImmutableArray.CreateBuilder<AccessPoint>();
        var position = index.Offset + index.Size;
        using var samples = isWhole ? null : new ProtectedTrackWriter(source, destination, track, scheme, keys);
        using var whole = isWhole ? new SegmentEncryptor(destination) : null;
        using var batches = isWhole ? new SampleBatches(source) : null;
        for (var number = 0; number < fragments.Count; number++)
        {
            var fragment = fragments[number];
            if (fragment.BeginsSegment)
            {
                segments.Add(new Segment(position, 0, fragment.Start, 0));
                var period = keys.PeriodOf(segments.Count - 1);
                whole?.Begin(keys.Cipher(period), keys.Vector(period));
            }

            var segment = segments.Count - 1;
            scratch.Clear();
            var protection = samples is null ? (FragmentProtection?)null : await samples.PrepareAsync(fragment, segment, cancellationToken).ConfigureAwait(false);
            var dataSize = FragmentWriter.Write(
                scratch, track.Samples.Span.Slice(fragment.First, fragment.Count), fragment.DecodeTime, timeline.CompositionShift, (uint)number + 1,
                FragmentShape.Of(track, settings.Kind), protection);
            if (samples is not null)
            {
                if (settings.Kind == TrackKind.Video)
                    accessPoints.Add(new AccessPoint(position, scratch.Length + track.Samples[fragment.First].Size, fragment.Start, CmafPackager.EndOf(fragments, number, timeline) - fragment.Start));
                await destination.WriteAsync(scratch.Written, cancellationToken).ConfigureAwait(false);
                await samples.WriteAsync(fragment, segment, cancellationToken).ConfigureAwait(false);
                position += scratch.Length + dataSize;
            }
            else
            {
                await whole!.WriteAsync(scratch.Written, cancellationToken).ConfigureAwait(false);
                await CopyAsync(batches!, whole, track.Samples, fragment, cancellationToken).ConfigureAwait(false);
                if (number + 1 == fragments.Count || fragments[number + 1].BeginsSegment)
                    position += await whole.EndAsync(cancellationToken).ConfigureAwait(false);
            }

            progress?.Report(scratch.Length + dataSize);
            var duration = CmafPackager.EndOf(fragments, number, timeline) - segments[^1].Start;
            segments[^1] = segments[^1] with { Size = position - segments[^1].Offset, Duration = duration };
            if (number + 1 == fragments.Count || fragments[number + 1].BeginsSegment)
                references[segment] = CmafPackager.Reference(segments[^1].Size, duration);
        }

        // :: Step 3 — the index
        if (!isWhole)
        {
            scratch.Clear();
            Sidx.Write(scratch, HeaderWriter.TrackId, track.Media.Timescale, timeline.Start, references);
            destination.Position = begin + index.Offset;
            await destination.WriteAsync(scratch.Written, cancellationToken).ConfigureAwait(false);
            destination.Position = begin + position;
        }

        return CmafPackager.Describe(track, settings, header, index, segments.MoveToImmutable(), accessPoints.DrainToImmutable()) with { Encryption = keys.DescribeAll(count) };
    }

    private static async ValueTask CopyAsync(
        SampleBatches batches, SegmentEncryptor segment, SampleList samples, FragmentPlan fragment, CancellationToken cancellationToken)
    {
        for (int first = fragment.First, end = first + fragment.Count; first < end;)
        {
            first += await batches.ReadAsync(samples, first, end, cancellationToken).ConfigureAwait(false);
            await segment.WriteAsync(batches.Bytes, cancellationToken).ConfigureAwait(false);
        }
    }
}
