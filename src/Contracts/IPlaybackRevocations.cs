namespace Movento.Contracts;

/// <summary>Tells the edges that playback is taken back: those of this process, or through Redis all of them.</summary>
public interface IPlaybackRevocations
{
    /// <summary>Takes playback back. Done when whoever must know has been told.</summary>
    /// <exception cref="TimeoutException">Redis does not answer: edges of other processes may not know it. Try again.</exception>
    Task RevokeAsync(PlaybackRevoked revoked, CancellationToken cancellationToken);
}
