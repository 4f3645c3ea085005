namespace Movento.Contracts;

/// <summary>Makes playback tokens (docs/formats/playback-token.md).</summary>
public sealed class PlaybackTokenSigner(PlaybackKeyRing keys)
{
    /// <summary>The token as one path segment: base64url, without padding.</summary>
    public string Sign(in PlaybackClaims claims) => throw new NotImplementedException(keys.ToString());
}
