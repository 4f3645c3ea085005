namespace Movento.Contracts;

/// <summary>Checks playback tokens (docs/formats/playback-token.md): no I/O, no allocation, the signature in constant time.</summary>
public sealed class PlaybackTokenVerifier(PlaybackKeyRing keys)
{
    /// <summary>Reads <paramref name="token"/> and says what is wrong with it, if anything, at <paramref name="now"/>.
    /// <paramref name="claims"/> are set only on <see cref="PlaybackTokenOutcome.Valid"/>.</summary>
    public PlaybackTokenOutcome Verify(ReadOnlySpan<char> token, DateTimeOffset now, out PlaybackClaims claims) =>
        throw new NotImplementedException(keys.ToString());
}

/// <summary>What a look at a playback token found.</summary>
public enum PlaybackTokenOutcome
{
    /// <summary>Signed by a key of the ring, and not yet expired.</summary>
    Valid,

    /// <summary>Not a token of a version this code knows.</summary>
    Malformed,

    /// <summary>Signed with a key that the ring does not hold.</summary>
    UnknownKey,

    /// <summary>The signature is not ours.</summary>
    Forged,

    /// <summary>Signed by us, but its time is over.</summary>
    Expired,
}
