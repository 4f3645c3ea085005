using System.Collections.Concurrent;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests;

/// <summary>The edges, as far as the control plane tells them something.</summary>
public sealed class RevocationRecorder : IPlaybackRevocations
{
    public ConcurrentQueue<PlaybackRevoked> Told { get; } = new();

    /// <summary>Whether they can be reached.</summary>
    public bool IsReachable { get; set; } = true;

    public Task RevokeAsync(PlaybackRevoked revoked, CancellationToken cancellationToken)
    {
        if (!IsReachable) throw new TimeoutException();
        Told.Enqueue(revoked);
        return Task.CompletedTask;
    }
}
