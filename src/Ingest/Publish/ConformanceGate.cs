using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Packager.Verification;

namespace Movento.Ingest.Publish;

/// <summary>Lets through only what keeps every rule of docs/formats/verification.md.</summary>
internal sealed partial class ConformanceGate(ILogger<ConformanceGate> logger, TimeProvider time)
{
    // In the verdict's own words; the log has all of them.
    private const int NamedFindings = 3;

    /// <summary>Reads the packaged files through the manifests that an edge will render of them, in both addressings.</summary>
    /// <exception cref="RejectedException">An error was found: nothing of this may be published.</exception>
    public async Task DemandAsync(AssetId asset, PackagedFilm film, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var source = new PackagedSource(film.Presentation, film.Files.ToDictionary(file => file.Name, file => file.Path));
        var report = await PresentationVerifier.VerifyAsync(source, null, cancellationToken);
        foreach (var finding in report.Findings) Log.Found(logger, asset.ToString(), finding.ToString());
        Log.Verified(
            logger, asset.ToString(), report.Tracks.Count, report.Findings.Count, report.BytesRead, time.GetElapsedTime(started).TotalMilliseconds);

        var errors = report.Findings.Where(finding => finding.Severity == Severity.Error).ToArray();
        if (errors.Length > 0)
        {
            throw new RejectedException(
                RejectionReason.NotConformant,
                $"{errors.Length + report.OmittedFindings} errors: {string.Join(" ", errors.Take(NamedFindings).Select(finding => finding.ToString()))}")
            {
                Note = $"The first finding: {errors[0].Rule.Id} in {errors[0].Location}.",
            };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3803, LogLevel.Warning, "The gate found in {Asset}: {Finding}")]
        public static partial void Found(ILogger logger, string asset, string finding);

        [LoggerMessage(3804, LogLevel.Information, "The gate read {Tracks} tracks of {Asset}: {Findings} findings, {Bytes} bytes read, {Milliseconds:0} ms")]
        public static partial void Verified(ILogger logger, string asset, int tracks, int findings, long bytes, double milliseconds);
    }
}
