namespace Movento.Packager.Presentations;

/// <summary>A part of a film that has a name of its own, for a player's menu.</summary>
/// <param name="Start">From presentation time zero, in whole milliseconds.</param>
/// <param name="End">Where the next one begins, or before; after <paramref name="Start"/>.</param>
/// <param name="Title">What a person reads, 1 to 256 characters; null where it has none.</param>
public sealed record Chapter(TimeSpan Start, TimeSpan End, string? Title);
