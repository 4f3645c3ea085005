namespace Movento.Contracts;

/// <summary>What a playback token grants: which asset, which of its files, until when, in which session; and to whom, where it says so.</summary>
/// <param name="Asset">The only asset whose files the token opens; default where <see cref="PathPrefix"/> alone says what it opens.</param>
/// <param name="Scope">Which files of it.</param>
/// <param name="Expires">From this second on the token is stale; whole seconds.</param>
/// <param name="Session">The playback session, for revocation and measurements; <see cref="Guid.Empty"/> for none.</param>
public readonly record struct PlaybackClaims(AssetId Asset, PlaybackScope Scope, DateTimeOffset Expires, Guid Session)
{
    /// <summary>The only folder whose files the token opens, as the URL has it after the token: <c>assets/…/v3/</c>. Null for any.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>The only network that the token opens from; null for any.</summary>
    public NetworkPrefix? Network { get; init; }

    /// <summary>The only country that the token opens from; null for any.</summary>
    public CountryCode? Country { get; init; }

    /// <summary>Renditions of more lines than this are refused, and manifests leave them out; 0 for none.</summary>
    public ushort MaxHeight { get; init; }

    /// <summary>The sign-in it was granted in: once that is over, the token opens nothing. <see cref="Guid.Empty"/> for none.</summary>
    public Guid SignIn { get; init; }
}

/// <summary>Which files of an asset a playback token opens.</summary>
public enum PlaybackScope : byte
{
    /// <summary>Manifests, media and pictures.</summary>
    Presentation = 1,

    /// <summary>Only pictures: what a catalogue page shows to people who may not play.</summary>
    Pictures = 2,
}
