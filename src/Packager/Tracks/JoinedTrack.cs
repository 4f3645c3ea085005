using System.Collections.Immutable;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks;

/// <summary>
/// Chunks of pictures as one track. Every chunk begins with a sync sample and refers to nothing outside of it, so its presentation times lie before those of
/// the next one; the decode times of the whole are the presentation times in their order, whatever each encoder made of its own.
/// </summary>
internal static class JoinedTrack
{
    /// <summary>Reads the headers of every chunk.</summary>
    /// <param name="chunks">In order; at least one.</param>
    /// <param name="source">The chunks' files as one.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="MediaFormatException">
    /// A chunk cannot be packaged, is coded in another way than the first one, or reaches into the next one.
    /// </exception>
    public static async Task<SourceTrack> ReadAsync(IReadOnlyList<TrackChunk> chunks, JoinedSource source, CancellationToken cancellationToken)
    {
        var joined = new SourceTrack(source.Length);
        try
        {
            var end = long.MinValue;
            for (var index = 0; index < chunks.Count; index++)
                end = await AppendAsync(joined, chunks[index], source.StartOf(index), end, cancellationToken).ConfigureAwait(false);
            return joined;
        }
        catch
        {
            joined.Dispose();
            throw;
        }
    }

    private static async Task<long> AppendAsync(SourceTrack joined, TrackChunk chunk, long fileStart, long end, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(chunk.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var part = await SourceFile.ReadTrackAsync(stream, TrackKind.Video, trackId: null, cancellationToken).ConfigureAwait(false);
        if (joined.Entry is null)
        {
            joined.Path = part.Path;
            (joined.Header, joined.Media, joined.Entry) = (part.Header, part.Media, part.Entry);
        }
        else if (part.Media.Timescale != joined.Media.Timescale || !part.Entry!.Box.AsSpan().SequenceEqual(joined.Entry.Box.AsSpan()))
        {
            throw part.Error(MediaFormatError.Invalid, $"The chunk at {chunk.Start} is not coded as those before it; no decoder could go on.");
        }

        var timeline = TrackTimeline.Resolve(part, TrackKind.Video);
        var times = ChunkTimes.Of(part, timeline, StartOf(part, chunk));
        if (end != long.MinValue)
        {
            if (times.Decode[0] < end)
                throw part.Error(MediaFormatError.Invalid, $"The chunk at {chunk.Start} begins before the one in front of it has ended.");
            joined.Samples[^1].Duration = checked((uint)(times.Decode[0] - joined.EndDecodeTime + joined.Samples[^1].Duration));
        }

        joined.Append(part, fileStart, times);
        // The last picture of a chunk lasts until the next one's first, which must only be later than it.
        return times.Decode[^1] + 1;
    }

    private static long StartOf(SourceTrack part, TrackChunk chunk)
    {
        var (ticks, rest) = Int128.DivRem((Int128)chunk.Start.Ticks * part.Media.Timescale, TimeSpan.TicksPerSecond);
        return rest == 0 ? (long)ticks : throw part.Error(MediaFormatError.Invalid, $"{chunk.Start} is no whole number of 1/{part.Media.Timescale} s.");
    }
}

/// <summary>The times of a chunk's samples in the whole, in ticks.</summary>
/// <param name="Presentation">Of each sample, in decode order.</param>
/// <param name="Decode">The same in their order: of each sample the time at which it is decoded.</param>
/// <param name="End">When the last picture ends.</param>
internal readonly record struct ChunkTimes(ImmutableArray<long> Presentation, ImmutableArray<long> Decode, long End)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="MediaFormatException">Two pictures have the same time.</exception>
    public static ChunkTimes Of(SourceTrack part, TrackTimeline timeline, long start)
    {
        var samples = part.Samples.Span;
        var presentation = new long[samples.Length];
        var decodeTime = timeline.Start;
        for (var index = 0; index < samples.Length; index++)
        {
            presentation[index] = start + decodeTime + samples[index].CompositionOffset + timeline.CompositionShift - timeline.MediaTime;
            decodeTime += samples[index].Duration;
        }

        var decode = (long[])presentation.Clone();
        Array.Sort(decode);
        for (var index = 1; index < decode.Length; index++)
        {
            if (decode[index] == decode[index - 1])
                throw part.Error(MediaFormatError.Invalid, "Two pictures have the same time.");
        }

        return new ChunkTimes([.. presentation], [.. decode], start + timeline.End);
    }
}
