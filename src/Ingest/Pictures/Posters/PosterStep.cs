using System.Globalization;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Pictures.Posters;

/// <summary>Makes a version's poster of the picture that its team uploaded: decoded and encoded anew, so that nothing of the file itself is served.</summary>
internal sealed partial class PosterStep(PosterShelf shelf, ToolRunner tools, IngestOptions options, ILogger<PosterStep> logger)
{
    /// <summary>Wider than one out of the film: whoever uploads a poster has made it.</summary>
    public const int MaxWidth = 1280;

    private const string Source = "team-poster";
    private const string Result = "team-poster.jpg";
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    /// <summary>Makes it.</summary>
    /// <param name="asset">Whose it is.</param>
    /// <param name="version">The version that is being made.</param>
    /// <param name="folder">The job's folder.</param>
    /// <param name="notes">Takes that it cannot be used.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its path; null where the team has uploaded none, or none that can be decoded.</returns>
    public async Task<string?> MakeAsync(AssetId asset, int version, string folder, ICollection<SourceNote> notes, CancellationToken cancellationToken)
    {
        var source = Path.Combine(folder, Source);
        if (await shelf.FetchAsync(asset, source, cancellationToken) is not { } poster) return null;
        if (ImageHeader.Read(await File.ReadAllBytesAsync(source, cancellationToken)) is not { } header || await RunAsync(header, folder, cancellationToken) is not { } path)
        {
            notes.Add(SourceNote.UnusablePoster());
            return null;
        }
        await shelf.TakeAsync(asset, version, poster, cancellationToken);
        return path;
    }

    private async Task<string?> RunAsync(ImageHeader header, string folder, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(folder, Result));
        var failure = await tools.TryRunAsync(new ToolRun
        {
            Tool = options.FfmpegPath,
            Arguments =
            [
                "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error",
                // One demuxer and one decoder, both said by our own reading of the header: nothing is guessed.
                "-protocol_whitelist", "file", "-format_whitelist", header.Demuxer, "-codec_whitelist", header.Decoder,
                "-max_pixels", PosterLimits.MaxPixels.ToString(CultureInfo.InvariantCulture), "-f", header.Demuxer, "-i", $"file:{Source}",
                "-map", "0:v:0", "-frames:v", "1", "-vf", $"scale='min({MaxWidth},iw)':-1,format=yuvj420p", "-map_metadata", "-1",
                "-c:v", "mjpeg", "-q:v", "3", "-f", "mjpeg", "-y", $"file:{Result}",
            ],
            Folder = folder,
            TimeLimit = TimeLimit,
            MemoryBytes = options.ToolMemoryBytes,
            Niceness = options.ToolNiceness,
        }, () => file is { Exists: true, Length: > 0 }, cancellationToken);
        if (failure is null) return file.FullName;
        Log.Unusable(logger, failure);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(3713, LogLevel.Information, "A team's poster could not be decoded: {Detail}")]
        public static partial void Unusable(ILogger logger, string detail);
    }
}
