using Movento.Contracts;

namespace Movento.ControlPlane.Quality;

/// <summary>What some playbacks of a film on one day come to. The members are the columns of <c>film_days</c>.</summary>
internal sealed class FilmDaySums
{
    // What a player says of itself may be anything. More than these no playback has: a day, and a hundred gigabits a second.
    private const double MaxSeconds = 86_400;
    private const double MaxBitrate = 1e8;
    private const long MaxCount = 1_000_000_000;
    private const long MaxBytes = 1L << 46;

    public required DateOnly Day { get; init; }
    public required Guid AssetId { get; init; }
    public long Playbacks { get; set; }
    public long Failed { get; set; }
    public long Interrupted { get; set; }
    public long Estimated { get; set; }
    public double PlayedSeconds { get; set; }
    public double StalledSeconds { get; set; }
    public long Stalls { get; set; }
    public long[] Starts { get; init; } = new long[StartTimes.Count];
    public double StartSeconds { get; set; }
    public double RatedSeconds { get; set; }
    public double RatedKilobits { get; set; }
    public long Measured { get; set; }
    public double ThroughputSum { get; set; }
    public long DroppedFrames { get; set; }
    public long Errors { get; set; }
    public long Bytes { get; set; }

    /// <summary>Adds one playback.</summary>
    public void Add(PlaybackQuality playback)
    {
        var played = Bounded(playback.PlayedSeconds, MaxSeconds);
        Playbacks++;
        if (playback.Ending == "failed") Failed++;
        if (playback.Stalls > 0 || playback.StalledSeconds > 0) Interrupted++;
        if (playback.IsEstimated) Estimated++;
        PlayedSeconds += played;
        StalledSeconds += Bounded(playback.StalledSeconds, MaxSeconds);
        Stalls += Math.Clamp(playback.Stalls, 0, MaxCount);
        if (playback.StartSeconds is { } start)
        {
            start = Bounded(start, MaxSeconds);
            StartSeconds += start;
            Starts[StartTimes.BinOf(start)]++;
        }

        if (playback.MeanBitrate is { } bitrate)
        {
            RatedSeconds += played;
            RatedKilobits += Bounded(bitrate, MaxBitrate) * played;
        }

        if (playback.MeanThroughput is { } throughput)
        {
            Measured++;
            ThroughputSum += Bounded(throughput, MaxBitrate);
        }

        DroppedFrames += Math.Clamp(playback.DroppedFrames ?? 0, 0, MaxCount);
        Errors += Math.Clamp(playback.Errors, 0, MaxCount);
        Bytes += Math.Clamp(playback.Bytes, 0, MaxBytes);
    }

    private static double Bounded(double value, double most) => double.IsNaN(value) ? 0 : Math.Clamp(value, 0, most);
}
