using System.Collections.Immutable;
using Movento.Packager;
using Movento.Packager.Tracks;

namespace Movento.Ingest.Encode;

/// <summary>Whether an encoded chunk is what it should be: judged from its bytes, before anything is made of it.</summary>
internal static class ChunkProof
{
    /// <summary>Reads every rung of a chunk.</summary>
    /// <param name="plan">What was to be made.</param>
    /// <param name="chunk">Which stretch.</param>
    /// <param name="files">The rungs' files, at least one.</param>
    /// <param name="options">How far keyframes are apart.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The film times of its frames, in ticks of the plan's timescale; the same on every rung.</returns>
    /// <exception cref="RejectedException">A rung has other frames than another one, frames of another chunk, or no keyframe where one is due.</exception>
    public static async Task<ImmutableArray<long>> DemandAsync(
        EncodePlan plan, Chunk chunk, IReadOnlyList<string> files, IngestOptions options, CancellationToken cancellationToken)
    {
        PictureTimes? first = null;
        foreach (var file in files)
        {
            PictureTimes times;
            try
            {
                await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
                times = await PictureTimes.ReadAsync(source, cancellationToken);
            }
            catch (MediaFormatException exception)
            {
                throw new RejectedException(RejectionReason.EncodeFailed, $"{Path.GetFileName(file)}: {exception.Message}", exception);
            }

            if (times.Timescale != plan.Timescale) throw Failed(file, $"counts {times.Timescale} ticks a second, not {plan.Timescale}.");
            if (first is not null && !times.Times.AsSpan().SequenceEqual(first.Times.AsSpan())) throw Failed(file, "has other frames than the rungs below it.");
            if (first is null) DemandPlace(plan, chunk, file, times);
            DemandKeyframes(plan, file, times, options);
            first ??= times;
        }

        var start = (long)chunk.Start.TotalSeconds * plan.Timescale;
        return [.. first!.Times.Select(time => start + time)];
    }

    private static void DemandPlace(EncodePlan plan, Chunk chunk, string file, PictureTimes times)
    {
        if (chunk.Index > 0 && times.Times[0] < 0 || chunk.End is { } end && times.Times[^1] >= (long)(end - chunk.Start).TotalSeconds * plan.Timescale)
            throw Failed(file, $"has frames from {times.Times[0]} to {times.Times[^1]}, which are not all of its stretch.");
    }

    // The first frame at or after each multiple of the interval: then the segments of all rungs begin together.
    private static void DemandKeyframes(EncodePlan plan, string file, PictureTimes times, IngestOptions options)
    {
        var interval = (long)(options.KeyframeInterval.TotalSeconds * plan.Timescale);
        var zero = plan.IsCut ? 0 : times.Times[0];
        var due = long.MinValue;
        foreach (var time in times.Times)
        {
            if (time < due) continue;
            if (times.SyncTimes.BinarySearch(time) < 0) throw Failed(file, $"has no keyframe at {time}.");
            due = (Math.Max(0, time - zero) / interval + 1) * interval + zero;
        }
    }

    private static RejectedException Failed(string file, string what) => new(RejectionReason.EncodeFailed, $"{Path.GetFileName(file)} {what}");
}
