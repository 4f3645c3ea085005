namespace Movento.Packager.Presentations;

/// <summary>
/// A sync sample with the fragment's header before it: bytes of the rendition's own file that decode to one picture, and so what an
/// I-frame playlist names (RFC 8216bis §4.4.3.6).
/// </summary>
/// <param name="Offset">Of the moof's first byte in the rendition's file.</param>
/// <param name="Size">In bytes, to the end of the sync sample.</param>
/// <param name="Start">Its presentation time, in ticks of the rendition's timescale.</param>
/// <param name="Duration">Until the next one, or the rendition's end, in ticks.</param>
public readonly record struct AccessPoint(long Offset, long Size, long Start, long Duration) : ITimedBytes;
