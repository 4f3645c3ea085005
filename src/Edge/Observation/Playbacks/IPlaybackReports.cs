using Movento.Contracts;

namespace Movento.Edge.Observation.Playbacks;

/// <summary>Where reports of playbacks go: the host's messages. Without one, playbacks are not followed.</summary>
public interface IPlaybackReports
{
    /// <summary>Sends a message; what it throws costs that message, after a few tries; so the same may come more than once.</summary>
    Task SendAsync(PlaybacksObserved message, CancellationToken cancellationToken);
}
