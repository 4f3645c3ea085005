namespace Movento.Contracts;

/// <summary>What a playback token grants: which asset, which of its files, until when, in which session.</summary>
/// <param name="Asset">The only asset whose files the token opens.</param>
/// <param name="Scope">Which files of it.</param>
/// <param name="Expires">From this second on the token is stale; whole seconds.</param>
/// <param name="Session">The playback session, for revocation and measurements; <see cref="Guid.Empty"/> for none.</param>
public readonly record struct PlaybackClaims(AssetId Asset, PlaybackScope Scope, DateTimeOffset Expires, Guid Session);

/// <summary>Which files of an asset a playback token opens.</summary>
public enum PlaybackScope : byte
{
    /// <summary>Manifests, media and pictures.</summary>
    Presentation = 1,

    /// <summary>Only pictures: what a catalogue page shows to people who may not play.</summary>
    Pictures = 2,
}
