namespace Movento.Packager.Tracks;

/// <summary>A stretch of a track in an MP4 file of its own, encoded apart from the stretches before and after it.</summary>
/// <param name="Path">The file; opened when it is read, and then only as long as it takes.</param>
/// <param name="Start">Where the file's time zero lies in the whole; must be a whole number of the track's ticks.</param>
public sealed record TrackChunk(string Path, TimeSpan Start);
