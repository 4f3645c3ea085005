using Movento.Packager.Presentations;

namespace Movento.Ingest.Encode;

/// <summary>Whether what was packaged is the whole film: nothing that fails here is published.</summary>
internal static class EncodeProof
{
    // Containers round their durations, and audio ends in its own frames.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    /// <summary>Compares the packaged renditions with the plan and with what the source decoded to.</summary>
    /// <exception cref="RejectedException">Frames are missing, or rungs do not match one another.</exception>
    public static void Demand(EncodePlan plan, long? decodedFrames, IReadOnlyList<Rendition> renditions)
    {
        if (renditions.Count != plan.Ladder.Rungs.Count + plan.Audio.Length)
            throw Failed($"{renditions.Count} renditions of {plan.Ladder.Rungs.Count + plan.Audio.Length}.");
        if (plan.Facts.Video is { } video) DemandVideo(plan, video.Duration, decodedFrames, renditions);

        // The longest track must be as long as the longest one of the source said that it is.
        var longest = renditions.Max(rendition => rendition.Duration);
        if (longest + Tolerance + plan.Facts.Duration * 0.02 < plan.Facts.Duration)
            throw new RejectedException(RejectionReason.Truncated, $"{longest} of {plan.Facts.Duration} could be decoded.");
    }

    private static void DemandVideo(EncodePlan plan, TimeSpan declared, long? decodedFrames, IReadOnlyList<Rendition> renditions)
    {
        if (decodedFrames is null or 0) throw new RejectedException(RejectionReason.Truncated, $"No frame of {declared} could be decoded.");
        var step = plan.Ladder.FrameStep;
        var expected = (decodedFrames.Value + step - 1) / step;
        var rungs = renditions.Where(rendition => rendition.Kind == TrackKind.Video).ToList();
        foreach (var rung in rungs)
        {
            if (rung.SampleCount != expected) throw Failed($"{rung.Id} has {rung.SampleCount} frames of {expected}.");
            if (!rung.Segments.Select(segment => segment.Start).SequenceEqual(rungs[0].Segments.Select(segment => segment.Start)))
                throw Failed($"The segments of {rung.Id} do not begin where those of {rungs[0].Id} do.");
        }
    }

    private static RejectedException Failed(string what) => new(RejectionReason.EncodeFailed, what);
}
