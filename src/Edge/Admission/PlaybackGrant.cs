using Movento.Contracts;

namespace Movento.Edge.Admission;

/// <summary>What a playback token of ours opens (docs/formats/playback-token.md).</summary>
internal sealed class PlaybackGrant(string text, int hash, PlaybackClaims claims)
    : Grant(text, hash, claims.Expires, new Admitted(claims.Session, claims.MaxHeight))
{
    public override Guid SignIn => claims.SignIn;

    public override EdgeOutcome? Refuse(in EdgeUrl url, in Visitor visitor, DateTimeOffset now)
    {
        if (claims.Asset != default && claims.Asset != url.Asset) return EdgeOutcome.TokenOfAnotherAsset;
        if (claims.PathPrefix is { } prefix && !url.Path[1..].StartsWith(prefix)) return EdgeOutcome.TokenOfAnotherPath;
        if (claims.Scope == PlaybackScope.Pictures && url.File != EdgeFile.Poster) return EdgeOutcome.TokenOutOfScope;
        if (claims.Network is { } network && !network.Contains(visitor.Address)) return EdgeOutcome.TokenOfAnotherNetwork;
        if (claims.Country is { } country && visitor.Country != country) return EdgeOutcome.TokenOfAnotherCountry;
        return null;
    }
}
