using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Quality;

/// <summary>A playback as an edge reports it.</summary>
internal static class FilmPlayback
{
    /// <summary>A minute at 3 Mb/s, begun after 0.4 s, without a stop.</summary>
    public static PlaybackQuality Of(Guid film, DateTimeOffset beganAt) => new(
        film, 1, "session", beganAt, Seconds: 60, Ending: "ended", Requests: 20, Bytes: 1000, StartSeconds: 0.4, PlayedSeconds: 60, StalledSeconds: 0,
        RebufferRatio: 0, Stalls: 0, IsEstimated: false, MeanBitrate: 3000, TopBitrate: 6000, MeanThroughput: 9000, DroppedFrames: 2, Errors: 0, Format: "hls",
        IsLive: false);
}
