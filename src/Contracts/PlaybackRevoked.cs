namespace Movento.Contracts;

/// <summary>Playback is taken back before its tokens expire.</summary>
/// <param name="Id">A playback session; or a sign-in or an asset: then every session of it.</param>
/// <param name="Until">When every token of it has expired by itself.</param>
public sealed record PlaybackRevoked(Guid Id, DateTimeOffset Until);
