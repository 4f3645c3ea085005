namespace Movento.Packager.Presentations;

/// <summary>One CMAF segment of a rendition: whole fragments, the first sample a sync sample.</summary>
/// <param name="Offset">Of its first byte in the rendition's file.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Start">Its earliest presentation time, in ticks of the rendition's timescale.</param>
/// <param name="Duration">In ticks of the rendition's timescale.</param>
public readonly record struct Segment(long Offset, long Size, long Start, long Duration) : ITimedBytes;
