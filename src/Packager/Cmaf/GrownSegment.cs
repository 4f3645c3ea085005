namespace Movento.Packager.Cmaf;

/// <summary>A segment of a track whose end is not known yet: the same bytes that the whole track's file will have.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Bytes">Whole fragments: moof and mdat.</param>
/// <param name="Start">Its earliest presentation time, in ticks of the track.</param>
/// <param name="Duration">In ticks of the track.</param>
public sealed record GrownSegment(int Number, ReadOnlyMemory<byte> Bytes, long Start, long Duration);
