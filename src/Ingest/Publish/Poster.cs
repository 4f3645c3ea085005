using System.Globalization;
using Microsoft.Extensions.Logging;
using Movento.Ingest.Encode;
using Movento.Ingest.Ladder;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Publish;

/// <summary>A picture that stands for the film: the most typical one of a hundred frames after its first tenth that are not black.</summary>
internal sealed partial class Poster(IngestOptions options, ToolRunner tools, ILogger<Poster> logger)
{
    private const string Name = "poster.jpg";
    private const int MaxWidth = 640;

    // Pictures whose mean luma (black is 16) is that of a night scene at least.
    private const string NotBlack = "signalstats,metadata=select:key=lavfi.signalstats.YAVG:value=26:function=greater";

    // A tenth of a few frames may lie after the last of them.
    private static readonly TimeSpan ShortFilm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    /// <summary>The rung that it is made of; there must be one.</summary>
    public static Rung RungOf(EncodingLadder ladder) => ladder.Plain.FirstOrDefault(rung => rung.Width >= MaxWidth) ?? ladder.Plain.Last();

    /// <summary>Makes it from the encoded rung that is just large enough: upright, square pixels, standard range, and not untrusted.</summary>
    /// <param name="plan">Of a film with pictures.</param>
    /// <param name="name">The file of the rung <see cref="RungOf"/>, in <paramref name="folder"/>.</param>
    /// <param name="folder">That the tool works in.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>Its path, or null where none could be made.</returns>
    public async Task<string?> MakeAsync(EncodePlan plan, string name, string folder, CancellationToken cancellationToken)
    {
        var duration = plan.Facts.Video!.Duration;
        var start = duration < ShortFilm ? "0" : (duration.TotalSeconds / 10).ToString("0.###", CultureInfo.InvariantCulture);
        // A fade or a black leader is no picture of the film; one that is dark throughout gets a dark one all the same.
        return await RunAsync(name, start, $"{NotBlack},", folder, cancellationToken) ?? await RunAsync(name, start, "", folder, cancellationToken);
    }

    // A film without a poster is still a film.
    private async Task<string?> RunAsync(string rung, string start, string filters, string folder, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(folder, Name));
        var failure = await tools.TryRunAsync(new ToolRun
        {
            Tool = options.FfmpegPath,
            Arguments =
            [
                "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-ss", start,
                .. UntrustedInput.DecodingArguments(rung, options.MaxPixels),
                // The pictures of forty seconds at most: a film of which not one is bright would be decoded to its end.
                "-t", "40", "-vf", $"{filters}thumbnail=n=100,scale='min({MaxWidth},iw)':-2", "-frames:v", "1", "-map_metadata", "-1",
                "-c:v", "mjpeg", "-q:v", "3", "-f", "mjpeg", "-y", $"file:{Name}",
            ],
            Folder = folder,
            TimeLimit = TimeLimit,
            MemoryBytes = options.ToolMemoryBytes,
            Niceness = options.ToolNiceness,
        }, () => file is { Exists: true, Length: > 0 }, cancellationToken);
        if (failure is null) return file.FullName;
        Log.NoPoster(logger, failure);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(3704, LogLevel.Information, "No poster could be made: {Detail}")]
        public static partial void NoPoster(ILogger logger, string detail);
    }
}
