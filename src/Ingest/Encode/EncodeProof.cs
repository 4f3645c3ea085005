using Movento.Ingest.Probe;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Encode;

/// <summary>Whether what was packaged is the whole film: nothing that fails here is published.</summary>
internal sealed class EncodeProof(FrameCounter counter)
{
    // Containers round their durations, and audio ends in its own frames.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    // Of the source's packets, and never more than a second of them: what a decoder may lose at the seams of an edited film. More is a film with holes.
    private const double LargestLoss = 0.01;

    /// <summary>
    /// Compares the frames of every chunk with the source's packets, time by time. Where they differ, or the packets do not tell, the source is decoded
    /// once more from start to end, and must give as many frames.
    /// </summary>
    /// <param name="film">What was encoded.</param>
    /// <param name="packets">Every packet of the source's video track; null without one.</param>
    /// <param name="folder">The source is in it.</param>
    /// <param name="cancellationToken">Stops the counting.</param>
    /// <returns>Frames that the source's video track decoded to; null without video.</returns>
    /// <exception cref="RejectedException">Frames are missing.</exception>
    public async Task<long?> DemandFramesAsync(EncodedFilm film, PacketTable? packets, string folder, CancellationToken cancellationToken)
    {
        var plan = film.Plan;
        if (plan.Facts.Video is not { } video) return null;
        var made = film.Frames.Values.Sum(frames => (long)frames.Length);
        if (made == 0) throw new RejectedException(RejectionReason.Truncated, $"No frame of {video.Duration} could be decoded.");
        if (packets is not null && packets.IsPlain && IsExact(film, packets)) return packets.Count;

        // Where all runs began at the start, they have counted already.
        List<long> counts = plan.IsCut
            ? [await counter.CountAsync(plan, folder, cancellationToken)]
            : [.. film.Tasks.Values.Select(task => task.Result!.DecodedFrames).OfType<long>().Distinct()];
        if (counts.Count > 1) throw Failed($"The source decodes to {string.Join(" frames, and to ", counts)}.");
        var decoded = counts[0];
        var step = plan.Ladder.FrameStep;
        // Each chunk keeps its first frame, and every so many after it.
        var (least, most) = (decoded / step, decoded / step + (plan.IsCut ? plan.Chunks.Length : 1));
        if (step == 1 ? made != decoded : made < least || made > most)
            throw Failed($"{made} frames were encoded; the source decodes to {decoded}.");
        if (packets is not null && packets.IsPlain && decoded < packets.Count - Math.Min(packets.Count * LargestLoss, video.FrameRate.Value))
            throw new RejectedException(RejectionReason.Truncated, $"{decoded} of {packets.Count} frames could be decoded.");
        return decoded;
    }

    /// <summary>Compares the packaged renditions with what was encoded.</summary>
    /// <exception cref="RejectedException">Frames are missing, or rungs do not match one another.</exception>
    public static void DemandRenditions(EncodedFilm film, IReadOnlyList<Rendition> renditions)
    {
        var plan = film.Plan;
        if (renditions.Count != plan.Ladder.Rungs.Count + plan.Audio.Length)
            throw Failed($"{renditions.Count} renditions of {plan.Ladder.Rungs.Count + plan.Audio.Length}.");
        var expected = film.Frames.Values.Sum(frames => (long)frames.Length);
        var rungs = renditions.Where(rendition => rendition.Kind == TrackKind.Video).ToList();
        foreach (var rung in rungs)
        {
            if (rung.SampleCount != expected) throw Failed($"{rung.Id} has {rung.SampleCount} frames of {expected}.");
            if (!rung.Segments.Select(segment => segment.Start).SequenceEqual(rungs[0].Segments.Select(segment => segment.Start)))
                throw Failed($"The segments of {rung.Id} do not begin where those of {rungs[0].Id} do.");
        }

        // What the gate would find too (hls-total-duration), in words for whoever uploaded it.
        if (rungs.Count > 0 && renditions.Where(rendition => rendition.Kind == TrackKind.Audio).MaxBy(rendition => rendition.Duration) is { } sound
            && sound.Duration - rungs[0].Duration > TimeSpan.FromSeconds(renditions.Max(rendition => rendition.TargetDuration)))
            throw new RejectedException(RejectionReason.PicturesEndEarly, $"{rungs[0].Duration} of pictures, {sound.Duration} of sound.");

        // The longest track must be as long as the longest one of the source said that it is.
        var longest = renditions.Max(rendition => rendition.Duration);
        if (longest + Tolerance + plan.Facts.Duration * 0.02 < plan.Facts.Duration)
            throw new RejectedException(RejectionReason.Truncated, $"{longest} of {plan.Facts.Duration} could be decoded.");
    }

    // Every packet is a frame of its chunk, at its time, and there is nothing else.
    private static bool IsExact(EncodedFilm film, PacketTable packets)
    {
        var plan = film.Plan;
        if (!plan.IsCut) return false;
        var timescale = plan.Timescale;
        var next = 0;
        foreach (var chunk in plan.Chunks)
        {
            var end = chunk.End is { } moment ? (long)moment.TotalSeconds * timescale : long.MaxValue;
            var frames = film.Frames.TryGetValue(chunk.Index, out var there) ? there : [];
            var (frame, index) = (0, 0);
            for (; next < packets.Times.Length && plan.FilmTime(packets.Times[next]) is var time && time < end; next++, index++)
            {
                if (index % plan.Ladder.FrameStep != 0) continue;
                if (frame == frames.Length || frames[frame] != time) return false;
                frame++;
            }
            if (frame != frames.Length) return false;
        }
        return next == packets.Times.Length;
    }

    private static RejectedException Failed(string what) => new(RejectionReason.EncodeFailed, what);
}
