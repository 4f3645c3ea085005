using System.Globalization;
using Microsoft.Extensions.Logging;
using Movento.Ingest.Encode;
using Movento.Ingest.Probe;
using Movento.Ingest.Publish;
using Movento.Ingest.Tools;
using Movento.Packager;
using Movento.Packager.Subtitles;

namespace Movento.Ingest.Subtitles;

/// <summary>
/// From the source's tracks of subtitles to packaged ones. A track that is broken never costs the film: it is left out, and a note of the receipt says why.
/// </summary>
internal sealed partial class SubtitleStep(IngestOptions options, ToolRunner tools, ILogger<SubtitleStep> logger)
{
    /// <summary>Takes the tracks out of the source into a text file each.</summary>
    /// <returns>What to make of those that could be taken out.</returns>
    public async Task<IReadOnlyList<SubtitleOutput>> ExtractAsync(MediaFacts facts, string folder, ICollection<SourceNote> notes, CancellationToken cancellationToken)
    {
        var wanted = SubtitlePlan.For(facts.Subtitles);
        if (wanted.IsEmpty) return [];
        // All of them in one reading of the source; where that fails, each by itself, so that the broken one is known.
        if (await RunAsync(wanted, folder, cancellationToken) is null) return wanted;
        var taken = new List<SubtitleOutput>();
        foreach (var output in wanted)
        {
            if (await RunAsync([output], folder, cancellationToken) is { } error) Leave(output, error, notes);
            else taken.Add(output);
        }
        return taken;
    }

    /// <summary>Packages what was taken out: a CMAF track, WebVTT in segments, WebVTT in one file.</summary>
    /// <param name="duration">Of the film's packaged pictures and sound: subtitles end with them.</param>
    public async Task<IReadOnlyList<PackagedOutput>> PackageAsync(
        IReadOnlyList<SubtitleOutput> outputs, TimeSpan duration, string folder, ICollection<SourceNote> notes, CancellationToken cancellationToken)
    {
        var packaged = new List<PackagedOutput>();
        foreach (var output in outputs)
        {
            try
            {
                if (await PackageAsync(output, duration, folder, cancellationToken) is { } made) packaged.Add(made);
                else Leave(output, "no text is shown in it", notes);
            }
            catch (MediaFormatException exception)
            {
                Leave(output, exception.Message, notes);
            }
        }
        return packaged;
    }

    /// <summary>Packages one; null where it shows nothing within the film.</summary>
    /// <exception cref="MediaFormatException">Its text cannot be read.</exception>
    public async Task<PackagedOutput?> PackageAsync(SubtitleOutput output, TimeSpan duration, string folder, CancellationToken cancellationToken)
    {
        SubtitleTrack subtitles;
        await using (var source = File.OpenRead(Path.Combine(folder, FileName(output.Id))))
            subtitles = source.Length == 0 ? new SubtitleTrack { Cues = [] } : await SubtitleTrack.ReadAsync(source, null, cancellationToken);
        if (!subtitles.Cues.Any(cue => cue.Start < duration)) return null;

        var path = Path.Combine(folder, $"{output.Id}.cmaf");
        var texts = new SubtitleFiles(Path.Combine(folder, $"{output.Id}.segments.vtt"), Path.Combine(folder, $"{output.Id}.sidecar.vtt"));
        await using var track = File.Create(path);
        await using var segments = File.Create(texts.Segments);
        await using var sidecar = File.Create(texts.Sidecar);
        var rendition = await SubtitlePackager.PackageAsync(
            subtitles,
            new SubtitleSettings
            {
                Id = output.Id, Duration = duration, SegmentDuration = options.SegmentDuration, Language = output.Track.Language, Name = output.Name,
                IsDefault = output.IsDefault, Role = output.Track.Role,
            },
            new SubtitleOutputs(track, segments, sidecar),
            cancellationToken);
        return new PackagedOutput(rendition, path) { Texts = texts };
    }

    private async Task<string?> RunAsync(IReadOnlyList<SubtitleOutput> outputs, string folder, CancellationToken cancellationToken)
    {
        return await tools.TryRunAsync(new ToolRun
        {
            Tool = options.FfmpegPath,
            Arguments =
            [
                "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error",
                .. UntrustedInput.SubtitleArguments(EncodePlan.SourceName, options.MaxPixels),
                .. outputs.SelectMany(Output),
            ],
            Folder = folder,
            // It reads the file once, as the scan did.
            TimeLimit = PacketScan.TimeLimit(options, Path.Combine(folder, EncodePlan.SourceName)),
            MemoryBytes = options.ToolMemoryBytes,
            FileBytes = SubtitleLimits.MaxSize,
            Niceness = options.ToolNiceness,
        }, () => outputs.All(output => File.Exists(Path.Combine(folder, FileName(output.Id)))), cancellationToken);
    }

    // Through SubRip, whose text ffmpeg writes as it is: its WebVTT writer does not escape, so that "a < b" would be the beginning of a tag.
    private static IEnumerable<string> Output(SubtitleOutput output) =>
    [
        "-map", string.Create(CultureInfo.InvariantCulture, $"0:{output.Track.Stream}"),
        .. output.Track.Codec == "webvtt" ? (string[])["-c:s", "copy", "-f", "webvtt"] : ["-c:s", "subrip", "-f", "srt"],
        "-map_metadata", "-1", "-y", $"file:{FileName(output.Id)}",
    ];

    /// <summary>The name of a track's text in the job's folder.</summary>
    public static string FileName(string id) => $"{id}.text";

    private void Leave(SubtitleOutput output, string why, ICollection<SourceNote> notes)
    {
        Log.SubtitlesLeftOut(logger, output.Track.Stream, why);
        // What a tool says goes to the log: it may quote the source, and name folders.
        notes.Add(SourceNote.UnreadableSubtitles(output.Track.Stream, output.Track.Codec));
    }

    private static partial class Log
    {
        [LoggerMessage(3711, LogLevel.Warning, "The subtitles of stream {Stream} are left out: {Detail}")]
        public static partial void SubtitlesLeftOut(ILogger logger, int stream, string detail);
    }
}
