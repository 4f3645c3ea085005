using Movento.Contracts;
using Movento.ControlPlane.Quality;
using Movento.Edge.Observation.Playbacks;

namespace Movento.Hosting;

/// <summary>Hands the edge's reports of playbacks to the control plane of the same process: kept when this returns.</summary>
/// <param name="records">Where they are kept; null while it is not there: the servers of a process start one after the other, the edge first.</param>
internal sealed class PlaybackRecords(Func<QualityRecords?> records) : IPlaybackReports
{
    public Task SendAsync(PlaybacksObserved message, CancellationToken cancellationToken) =>
        (records() ?? throw new InvalidOperationException("The control plane is not there yet.")).RecordAsync(message, cancellationToken);
}
