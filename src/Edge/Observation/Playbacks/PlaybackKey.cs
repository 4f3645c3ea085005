using System.Diagnostics.CodeAnalysis;
using Movento.Contracts;

namespace Movento.Edge.Observation.Playbacks;

/// <summary>Names a playback: which film, and the id that the player gave the session. Players choose it, so another film is another playback.</summary>
internal sealed record PlaybackKey(AssetId Asset, string SessionId)
{
    /// <summary>The same before it is known whether there is one.</summary>
    public readonly ref struct Sought(AssetId asset, ReadOnlySpan<char> sessionId)
    {
        public AssetId Asset { get; } = asset;

        public ReadOnlySpan<char> SessionId { get; } = sessionId;
    }

    /// <summary>Finds a key without making one.</summary>
    public sealed class Comparer : IEqualityComparer<PlaybackKey>, IAlternateEqualityComparer<Sought, PlaybackKey>
    {
        public bool Equals(PlaybackKey? x, PlaybackKey? y) => x == y;

        public bool Equals(Sought alternate, PlaybackKey other) => alternate.Asset == other.Asset && alternate.SessionId.SequenceEqual(other.SessionId);

        // The runtime's hash of text is a keyed one: a client cannot make its ids collide.
        public int GetHashCode([DisallowNull] PlaybackKey obj) => HashCode.Combine(obj.Asset, string.GetHashCode(obj.SessionId));

        public int GetHashCode(Sought alternate) => HashCode.Combine(alternate.Asset, string.GetHashCode(alternate.SessionId));

        public PlaybackKey Create(Sought alternate) => new(alternate.Asset, new string(alternate.SessionId));
    }
}
