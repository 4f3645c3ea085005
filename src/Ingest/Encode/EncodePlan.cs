using System.Collections.Immutable;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Encode;

/// <summary>
/// One ffmpeg run that decodes the source once and encodes every rung and every audio track, each to a file of its own in the
/// job's folder: <c>{id}.mp4</c>, progressive, the index at the end.
/// </summary>
internal sealed record EncodePlan
{
    /// <summary>The name of the source in the job's folder.</summary>
    public const string SourceName = "source";

    public required MediaFacts Facts { get; init; }
    public required EncodingLadder Ladder { get; init; }
    public required ImmutableArray<AudioOutput> Audio { get; init; }

    /// <summary>Everything after the tool's name.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>The name of an encoded file in the job's folder.</summary>
    public static string FileName(string id) => $"{id}.mp4";

    /// <summary>Decides the run. Pure.</summary>
    public static EncodePlan For(MediaFacts facts, EncodingLadder ladder, ImmutableArray<AudioOutput> audio, IngestOptions options)
    {
        List<string> arguments =
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+verbose",
            "-progress", "pipe:1", "-stats_period", "0.5",
            .. UntrustedInput.DecodingArguments(SourceName, options.MaxPixels),
        ];
        if (facts.Video is { } video)
        {
            arguments.AddRange(["-filter_complex", FilterGraph.For(video, ladder)]);
            foreach (var rung in ladder.Rungs) arguments.AddRange((string[])["-map", $"[{rung.Id}]", .. VideoArguments.For(video, ladder, rung, options), .. Output(rung.Id)]);
        }
        foreach (var output in audio) arguments.AddRange((string[])["-map", $"0:{output.Track.Stream}", .. AudioArguments.For(output), .. Output(output.Id)]);
        return new EncodePlan { Facts = facts, Ladder = ladder, Audio = audio, Arguments = [.. arguments] };
    }

    private static IEnumerable<string> Output(string id) =>
    [
        // Nothing of the source's words goes on: no place, no camera, no chapter.
        "-map_metadata", "-1", "-map_chapters", "-1", "-f", "mp4", "-y", $"file:{FileName(id)}",
    ];
}
