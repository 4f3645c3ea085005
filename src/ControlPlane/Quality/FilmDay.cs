using Movento.Contracts;

namespace Movento.ControlPlane.Quality;

/// <summary>How a film played on one day, as its players said it.</summary>
/// <param name="Day">In UTC, by when playbacks began: <c>2026-03-01</c>.</param>
/// <param name="AssetId">32 lower-case hexadecimal digits.</param>
/// <param name="Title">Null where the film is gone.</param>
/// <param name="Playbacks">How many.</param>
/// <param name="Failed">Those that ended by an error.</param>
/// <param name="Interrupted">Those that stood still at least once.</param>
/// <param name="Estimated">Those whose player did not say how long it stood still or took to start, so that its requests' times had to.</param>
/// <param name="PlayedSeconds">Of all of them.</param>
/// <param name="StalledSeconds">Of all of them.</param>
/// <param name="Stalls">Of all of them.</param>
/// <param name="RebufferRatio">Stalled of stalled and played, 0 to 1.</param>
/// <param name="Startup">From the wish to play to the first picture.</param>
/// <param name="MeanBitrate">Weighed by time, in kb/s; null where nobody said it.</param>
/// <param name="MeanThroughput">Of the playbacks whose player measured it, in kb/s; null where none did.</param>
/// <param name="DroppedFrames">Of all of them.</param>
/// <param name="Errors">Requests that said something went wrong in the player.</param>
/// <param name="Bytes">Sent for all of them.</param>
internal sealed record FilmDay(
    DateOnly Day,
    string AssetId,
    string? Title,
    long Playbacks,
    long Failed,
    long Interrupted,
    long Estimated,
    double PlayedSeconds,
    double StalledSeconds,
    long Stalls,
    double RebufferRatio,
    Startup Startup,
    double? MeanBitrate,
    double? MeanThroughput,
    long DroppedFrames,
    long Errors,
    long Bytes)
{
    public static FilmDay Of(FilmDaySums sums, string? title)
    {
        var started = sums.Starts.Sum();
        var watched = sums.StalledSeconds + sums.PlayedSeconds;
        return new FilmDay(
            sums.Day,
            new AssetId(sums.AssetId).ToString(),
            title,
            sums.Playbacks,
            sums.Failed,
            sums.Interrupted,
            sums.Estimated,
            sums.PlayedSeconds,
            sums.StalledSeconds,
            sums.Stalls,
            watched > 0 ? sums.StalledSeconds / watched : 0,
            new Startup(
                started,
                started > 0 ? sums.StartSeconds / started : null,
                StartTimes.Within(0.5, sums.Starts),
                StartTimes.Within(0.95, sums.Starts)),
            sums.RatedSeconds > 0 ? sums.RatedKilobits / sums.RatedSeconds : null,
            sums.Measured > 0 ? sums.ThroughputSum / sums.Measured : null,
            sums.DroppedFrames,
            sums.Errors,
            sums.Bytes);
    }
}

/// <summary>How long playbacks took to start, in seconds; null where nobody said it.</summary>
/// <param name="Known">Playbacks of which it is known.</param>
/// <param name="Mean">Of those.</param>
/// <param name="Median">To a quarter.</param>
/// <param name="Percentile95">Within which 95 of 100 had started, to a quarter.</param>
internal sealed record Startup(long Known, double? Mean, double? Median, double? Percentile95);
